import type { ChainHead } from "../ports/audit-log";
import type { AuditSink } from "../ports/audit-sink";
import type { SinkRegistry } from "../ports/sink-registry";

export interface HoldingParts {
  readonly sink: AuditSink;
  readonly registry: SinkRegistry;
  readonly holder: string;
  readonly leaseMs: number;
}

/** The chains that this process ships to one sink, and how far it got. */
export interface Holding {
  /** Takes what is free where a chain is new, and every third of a lease. */
  take(heads: readonly ChainHead[]): Promise<void>;
  /** The chains that have more than the sink, in turn. */
  behind(): readonly string[];
  place(node: string): number;
  moved(node: string, seq: number): void;
  /** Records that the sink does not have yet. */
  missing(): number;
  /** Notes in the store what changed since it was last noted. */
  note(error: string | null): Promise<void>;
  release(): Promise<void>;
}

interface State {
  heads: readonly ChainHead[];
  readonly seen: Set<string>;
  places: Map<string, number>;
  readonly noted: Map<string, number>;
  notedError: string | null | undefined;
  takenAt: number;
}

export function holdChains(parts: HoldingParts): Holding {
  const state: State = {
    ...{ heads: [], seen: new Set(), places: new Map(), noted: new Map() },
    ...{ notedError: undefined, takenAt: -Infinity },
  };
  const place = (node: string): number => state.places.get(node) ?? 0;
  const held = (): readonly ChainHead[] => state.heads.filter(({ node }) => state.places.has(node));
  return Object.freeze({
    async take(heads: readonly ChainHead[]): Promise<void> {
      state.heads = heads;
      const due = performance.now() - state.takenAt >= parts.leaseMs / 3;
      if (due || heads.some(({ node }) => !state.seen.has(node))) await takeNow(parts, state);
    },
    behind: () =>
      held()
        .filter(({ node, seq }) => seq > place(node))
        .map(({ node }) => node),
    place,
    moved: (node: string, seq: number) => void state.places.set(node, seq),
    missing: () => held().reduce((sum, { node, seq }) => sum + Math.max(0, seq - place(node)), 0),
    note: (error: string | null) => note(parts, state, error),
    release: () => parts.registry.release(parts.sink.name, parts.holder),
  });
}

/** What this process got acknowledged counts, though it is not noted yet. */
async function takeNow({ sink, registry, holder, leaseMs }: HoldingParts, state: State): Promise<void> {
  const { heads } = state;
  const claim = { sink: sink.name, holder, leaseMs, heads, from: sink.from ?? "beginning" };
  const taken = await registry.take(claim);
  state.takenAt = performance.now();
  for (const { node } of heads) state.seen.add(node);
  const known = state.places;
  state.places = new Map([...taken].map(([node, seq]) => [node, Math.max(seq, known.get(node) ?? 0)]));
  for (const [node, seq] of taken) state.noted.set(node, seq);
}

async function note({ sink, registry }: HoldingParts, state: State, error: string | null): Promise<void> {
  const moved = new Map([...state.places].filter(([node, seq]) => seq > (state.noted.get(node) ?? 0)));
  if (moved.size === 0 && error === state.notedError) return;
  await registry.note(sink.name, moved, error);
  for (const [node, seq] of moved) state.noted.set(node, seq);
  state.notedError = error;
}
