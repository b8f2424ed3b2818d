import type { NodeRegistry, NodeState } from "../../lib/ports/node-registry";
import { frozenCopy } from "./frozen-copy";

interface Seen {
  readonly state: NodeState;
  readonly startedAt: number;
  readonly seenAt: number;
}

/** The gates of this process. */
export function memoryNodes(now: () => number): NodeRegistry {
  const seen = new Map<string, Seen>();
  return Object.freeze({
    async beat(state: NodeState): Promise<void> {
      const before = seen.get(state.node);
      const startedAt = before?.state.boot === state.boot ? before.startedAt : now();
      seen.set(state.node, { state: frozenCopy(state), startedAt, seenAt: now() });
    },
    async live(leaseMs: number) {
      const at = now();
      return [...seen.values()]
        .filter(({ seenAt }) => seenAt > at - leaseMs)
        .map(({ state, ...times }) => Object.freeze({ ...state, ...times, ageMs: at - times.seenAt }))
        .sort((a, b) => (a.node < b.node ? -1 : 1));
    },
    async leave(node: string, boot: string): Promise<void> {
      if (seen.get(node)?.state.boot === boot) seen.delete(node);
    },
  });
}
