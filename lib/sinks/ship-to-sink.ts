import { within } from "../auth/within";
import type { AuditLog } from "../ports/audit-log";
import type { AuditSink } from "../ports/audit-sink";
import type { Logger } from "../ports/logger";
import type { SinkRegistry } from "../ports/sink-registry";
import { backOff } from "./back-off";
import { deliverBatch } from "./deliver-batch";
import { holdChains, type Holding } from "./hold-chains";
import { BATCH_LIMITS, lastSeq, openBatch, type Batch } from "./open-batch";
import { createPause, linger, type Pause } from "./pause";
import { SinkTrouble, troubleOf } from "./sink-trouble";
import { noteTrouble, type SinkHealth, type Standing } from "./standing";

export interface ShippingParts {
  readonly log: AuditLog;
  readonly registry: SinkRegistry;
  /** The node's name. */
  readonly holder: string;
  readonly logger: Logger;
  /** How long the trail of others may go unread. Default 1,000 ms. */
  readonly pollMs?: number;
  /** Default 15,000 ms. */
  readonly leaseMs?: number;
  /** How long a sink may take for one batch. Default 30,000 ms. */
  readonly deliverMs?: number;
  /** In [0, 1). Default `Math.random`. */
  readonly chance?: () => number;
}

/** Carries the trail to one sink. */
export interface SinkShipping {
  /** Resolves when it knows where the sink stands, or soon after that failed. */
  readonly placed: Promise<void>;
  /** There is more on record. */
  wake(): void;
  health(): SinkHealth;
  /** Delivers what is there, for so long at most. Never rejects. */
  stop(limitMs: number): Promise<void>;
}

const POLL_MS = 1_000;
const LEASE_MS = 15_000;
const DELIVER_MS = 30_000;
/** Records that come one by one go together. */
const LINGER_MS = 20;
/** How much a crash may deliver twice. */
const NOTE_MS = 1_000;
const STORE_MS = 2_000;

interface Shipping {
  readonly sink: AuditSink;
  readonly parts: ShippingParts;
  readonly holding: Holding;
  readonly standing: Standing;
  readonly pause: Pause;
  /** Until a sink that failed is asked again: what comes meanwhile does not cut that short. */
  readonly retry: Pause;
  /** Aborts what is under way when stopping takes too long. */
  readonly cut: AbortController;
  /** What the sink has not acknowledged: it gets just this again, so that it can tell. */
  batch: Batch | null;
  notedAt: number;
  stopping: boolean;
}

export function shipToSink(sink: AuditSink, parts: ShippingParts): SinkShipping {
  const { leaseMs = LEASE_MS, registry, holder } = parts;
  const shipping: Shipping = {
    ...{ sink, parts, pause: createPause(), retry: createPause(), cut: new AbortController() },
    holding: holdChains({ sink, registry, holder, leaseMs }),
    standing: { delivered: 0, failures: 0, error: null, toldAt: -Infinity },
    ...{ batch: null, notedAt: -Infinity, stopping: false },
  };
  const { holding, standing, pause, retry } = shipping;
  const keep = setInterval(() => void keepLease(shipping), leaseMs / 3).unref();
  const placed = within(keepLease(shipping), STORE_MS).catch(() => undefined);
  const ended = placed.then(() => run(shipping));
  return Object.freeze({
    placed,
    wake: pause.wake,
    health: () => healthOf(sink, standing, holding),
    async stop(limitMs: number): Promise<void> {
      shipping.stopping = true;
      for (const { wake } of [pause, retry]) wake();
      const limit = setTimeout(() => shipping.cut.abort(), limitMs);
      await within(ended, limitMs + STORE_MS).catch(() => undefined);
      clearTimeout(limit);
      clearInterval(keep);
      await letGo(shipping);
    },
  });
}

function healthOf({ name }: AuditSink, { delivered, failures, error }: Standing, holding: Holding): SinkHealth {
  return Object.freeze({ name, delivered, behind: holding.missing(), failures, error });
}

async function run(shipping: Shipping): Promise<void> {
  for (;;) {
    // What was on record when it was told to stop takes one more look.
    const isLast = shipping.stopping;
    const rest = await nextRest(shipping);
    if (isLast && (rest > 0 || shipping.cut.signal.aborted)) return;
    if (rest === 0) continue;
    if (!shipping.stopping) await shipping[shipping.batch === null ? "pause" : "retry"].wait(rest);
    if (shipping.standing.failures === 0 && !shipping.stopping)
      await linger(Math.min(LINGER_MS, shipping.parts.pollMs ?? POLL_MS));
  }
}

/** One round; how long to rest after it. */
async function nextRest(shipping: Shipping): Promise<number> {
  const { parts, sink, standing, holding } = shipping;
  try {
    const moved = await round(shipping);
    noteTrouble(parts.logger, sink, standing, null, holding.missing());
    return moved ? 0 : (parts.pollMs ?? POLL_MS);
  } catch (error) {
    if (shipping.stopping) return 1;
    const trouble = error ?? new SinkTrouble("it gave no reason");
    noteTrouble(parts.logger, sink, standing, trouble, holding.missing());
    await noteNow(shipping).catch(() => undefined);
    return backOff(standing.failures, error, (parts.chance ?? Math.random)());
  }
}

/** One batch of every chain that has more; false when the sink has everything. A chain that cannot be read stops no other. */
async function round(shipping: Shipping): Promise<boolean> {
  const { holding, parts, cut } = shipping;
  if (shipping.batch !== null) await deliver(shipping, shipping.batch);
  await holding.take(await parts.log.heads());
  const nodes = holding.behind();
  let unreadable: SinkTrouble | null = null;
  for (const node of nodes) {
    const batch = await nextBatch(shipping, node);
    if (batch instanceof SinkTrouble) unreadable ??= batch;
    else if (batch !== null) await deliver(shipping, batch);
    if (cut.signal.aborted) return false;
  }
  if (performance.now() - shipping.notedAt >= NOTE_MS) await noteNow(shipping);
  if (unreadable !== null) throw unreadable;
  return nodes.length > 0;
}

async function nextBatch({ sink, parts, holding }: Shipping, node: string): Promise<Batch | SinkTrouble | null> {
  const place = holding.place(node);
  try {
    return await openBatch(parts.log, node, place, sink.limits ?? BATCH_LIMITS);
  } catch (error) {
    return new SinkTrouble(`the trail of ${node} cannot be read after ${place}: ${troubleOf(error)}`);
  }
}

async function deliver(shipping: Shipping, batch: Batch): Promise<void> {
  const { sink, parts, cut, holding, standing } = shipping;
  shipping.batch = batch;
  await deliverBatch(sink, batch, parts.deliverMs ?? DELIVER_MS, cut.signal);
  shipping.batch = null;
  standing.delivered += batch.records.length;
  holding.moved(batch.node, lastSeq(batch));
}

async function noteNow(shipping: Shipping): Promise<void> {
  await shipping.holding.note(shipping.standing.error);
  shipping.notedAt = performance.now();
}

/** A sink that hangs keeps its chains: another gate would only hang as well. */
async function keepLease({ holding, parts, stopping }: Shipping): Promise<void> {
  if (stopping) return;
  await parts.log
    .heads()
    .then((heads) => holding.take(heads))
    .catch(() => undefined);
}

async function letGo({ sink, standing, holding }: Shipping): Promise<void> {
  await within(holding.note(standing.error), STORE_MS).catch(() => undefined);
  await within(holding.release(), STORE_MS).catch(() => undefined);
  const closed = Promise.resolve().then(() => sink.close?.());
  await within(closed, STORE_MS).catch(() => undefined);
}
