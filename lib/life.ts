import type { Server } from "node:http";
import { confirmPeppers } from "./confirm-peppers";
import type { Core } from "./core";
import { Denial } from "./denial";
import { endRevokedCalls } from "./end-revoked-calls";
import { followHints, type HintFollower } from "./follow-hints";
import { refuseLostPeppers } from "./refuse-lost-peppers";
import { registerNode, type NodeRegistration } from "./register-node";
import type { BusHealth } from "./ports/bus";
import type { SinkHealth } from "./sinks/standing";
import type { RecorderCounts } from "./stages/record";
import { watchTrail, type TrailWatch } from "./watch-trail";

export interface Health {
  /** False while draining, before the store was first read, while a completion is owed to the trail, or where that takes no records. */
  readonly ready: boolean;
  readonly draining: boolean;
  /** Calls that have not ended. */
  readonly active: number;
  /** One that is lost does not make the node unready: changes show at the next poll. */
  readonly buses: readonly BusHealth[];
  readonly audit: RecorderCounts;
  /** False where the trail's database lets this gate write no records: every call gets 503. */
  readonly auditWritable: boolean;
  /** Of the trail, and how far they are. A sink in trouble does not make the node unready: the trail waits for it. */
  readonly sinks: readonly SinkHealth[];
}

/** The gate's beginning and end. */
export interface Life {
  ready(): Promise<void>;
  health(): Health;
  drain(graceMs?: number): Promise<void>;
  close(graceMs?: number): Promise<void>;
}

/** What runs beside the calls. */
interface Parts {
  readonly hints: HintFollower;
  readonly node: NodeRegistration;
  readonly trail: TrailWatch;
}

const GRACE_MS = 30_000;
/** What sinks do not take by then they get after the next start. */
const SHIP_MS = 2_000;
const LOOK_MS = 10;
const RESTART_MS = 1_000;

export function createLife(core: Core, servers: ReadonlySet<Server>): Life {
  const hints = followHints(core);
  const parts: Parts = { hints, node: registerNode(core, hints), trail: watchTrail(core) };
  let started: Promise<void> | null = null;

  /** A start that failed is tried again by who asks a second later. */
  function ready(): Promise<void> {
    started ??= start(core, parts).catch((error: unknown) => {
      setTimeout(() => (started = null), RESTART_MS).unref();
      throw error;
    });
    return started;
  }
  core.life.ready = ready;
  core.snapshots.onChange(endRevokedCalls(core));

  async function drain(graceMs = GRACE_MS): Promise<void> {
    core.life.draining = true;
    for (const server of servers) stopAccepting(server);
    await idle(core, graceMs);
    for (const exchange of core.active) exchange.abort.abort(new Denial("draining", { reason: "draining" }));
    await idle(core, GRACE_MS);
  }

  async function close(graceMs = GRACE_MS): Promise<void> {
    await drain(graceMs);
    for (const server of servers) server.closeAllConnections();
    core.snapshots.stop();
    await parts.hints.stop();
    await parts.node.stop();
    parts.trail.stop();
    await core.uses.stop();
    await core.rehasher.stop();
    await core.recorder.close();
    await core.retention?.stop();
    await core.checkpoints?.stop();
    await core.shipping.stop(SHIP_MS);
    await core.audit.close();
    await core.options.store.close();
  }

  return { ready, drain, close, health: () => healthOf(core, parts) };
}

async function start(core: Core, { hints, node, trail }: Parts): Promise<void> {
  await core.options.store.open();
  await refuseLostPeppers(core.options.store, core.peppers);
  await confirmPeppers(core.options.store, core.peppers);
  await core.audit.claim();
  await core.shipping.start();
  await hints.start();
  await core.snapshots.start();
  await node.start();
  await trail.start();
  core.uses.start();
  await core.content?.check();
  const interrupted = await core.recorder.recover();
  if (interrupted > 0) core.logger.warn("closed the open intents of earlier boots", { interrupted });
  await core.checkpoints?.start();
  core.retention?.start();
  core.life.started = true;
}

function healthOf({ life, active, recorder, shipping, snapshots }: Core, { hints, trail }: Parts): Health {
  const auditWritable = trail.writable();
  const ready = !life.draining && snapshots.lastEpoch !== null && recorder.healthy() && auditWritable;
  const parts = { buses: hints.health(), audit: recorder.counts(), auditWritable, sinks: shipping.health() };
  return { ready, draining: life.draining, active: active.size, ...parts };
}

/** Keep-alive connections would go on sending calls: each is closed after its current answer. */
function stopAccepting(server: Server): void {
  server.close();
  server.closeIdleConnections();
}

async function idle(core: Core, limitMs: number): Promise<void> {
  const until = core.clock.monotonic() + limitMs;
  while (core.active.size > 0 && core.clock.monotonic() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
