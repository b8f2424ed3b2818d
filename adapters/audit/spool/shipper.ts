import { copyFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { within } from "../../../lib/auth/within";
import { auditEvent, type AuditEvent, type AuditRecord } from "../../../lib/audit/record";
import type { SpoolParts } from "./spool";
import type { SpoolFile } from "./spool-file";
import { readSpooled, type SpooledGroup } from "./read-spooled";

export interface ShipperParts extends SpoolParts {
  readonly file: SpoolFile;
  /** Whether every append that was taken is in the file. */
  isWritten(): boolean;
}

/** Brings what is in the spool to the trail, in order, for as long as there is something. */
export interface Shipper {
  isIdle(): boolean;
  /** There will be something to bring. Until `isIdle` says so again nothing may be written past the spool. */
  begin(): void;
  /** So many events are on disk now. */
  added(events: number): void;
  waiting(): number;
  /** Since the trail last took something; 0 while idle. */
  outOfReachMs(): number;
  leftOpen(): Promise<readonly AuditRecord[]>;
  stop(limitMs: number): Promise<void>;
}

const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
/** Of one attempt: the log's own time-out comes before. */
const ATTEMPT_MS = 3_000;

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

interface Route {
  idle: boolean;
  running: Promise<void>;
  /** Everything before it is on record. */
  offset: number;
  /** Where ends what earlier boots left. */
  leftEnd: number;
  /** Intents from before it that nothing has ended, by request id. */
  readonly left: Map<string, AuditRecord>;
  readonly waiters: Waiter[];
  waiting: number;
  reachedAt: number;
  damaged: number;
  /** Aborts when the log is being closed: what fails then is not tried again. */
  readonly closing: AbortController;
  /** Nothing more is begun. */
  stopped: boolean;
}

export function createShipper(parts: ShipperParts): Shipper {
  const { file, clock } = parts;
  const route: Route = {
    ...{ idle: true, running: Promise.resolve(), offset: file.start, leftEnd: file.size(), left: new Map() },
    ...{ waiters: [], waiting: 0, reachedAt: clock.monotonic(), damaged: 0 },
    ...{ closing: new AbortController(), stopped: false },
  };
  function begin(): void {
    if (!route.idle) return;
    route.idle = false;
    route.reachedAt = clock.monotonic();
    route.running = run(parts, route);
  }
  if (file.size() > file.start) begin();
  return Object.freeze<Shipper>({
    begin,
    isIdle: () => route.idle,
    added: (events) => void (route.waiting += events),
    waiting: () => (route.idle ? 0 : Math.max(1, route.waiting)),
    outOfReachMs: () => (route.idle ? 0 : clock.monotonic() - route.reachedAt),
    async leftOpen(): Promise<readonly AuditRecord[]> {
      if (route.offset < route.leftEnd && !route.idle)
        await new Promise<void>((resolve, reject) => route.waiters.push({ resolve, reject }));
      return [...route.left.values()];
    },
    async stop(limitMs: number): Promise<void> {
      route.closing.abort();
      const limit = setTimeout(() => void (route.stopped = true), limitMs);
      await route.running;
      clearTimeout(limit);
    },
  });
}

async function run(parts: ShipperParts, route: Route): Promise<void> {
  const { signal } = route.closing;
  for (let pauseMs = PAUSE_MS; !route.stopped;) {
    try {
      if (await step(parts, route)) return;
      pauseMs = PAUSE_MS;
    } catch (error) {
      for (const waiter of route.waiters.splice(0)) waiter.reject(error);
      if (signal.aborted) return;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }
}

/** One group, or the end: true when there is nothing left. */
async function step(parts: ShipperParts, route: Route): Promise<boolean> {
  const { file, isWritten } = parts;
  if (route.offset < file.size()) {
    const end = route.offset < route.leftEnd ? route.leftEnd : file.size();
    await ship(parts, route, await readSpooled(file, route.offset, end));
    return false;
  }
  if (!isWritten()) {
    await sleep(1);
    return false;
  }
  await tellDamage(parts, route);
  // A file that cannot be emptied holds nothing that the trail does not have: what it is read for again is passed over.
  const emptied = await file.clear(route.offset).catch(() => null);
  if (emptied === true) route.offset = route.leftEnd = file.start;
  if (emptied === false || !isWritten()) return false;
  route.idle = true;
  route.waiting = 0;
  parts.logger.warn("the audit trail has everything that was kept in the spool");
  return true;
}

async function ship(parts: ShipperParts, route: Route, group: SpooledGroup): Promise<void> {
  const { log, clock, tell } = parts;
  if (group.damaged > 0 && route.damaged === 0) await setAside(parts);
  const written = await within(log.append(group.events, { again: true }), ATTEMPT_MS);
  route.damaged += group.damaged;
  noteLeft(route, group.events, written);
  route.offset = group.end;
  route.waiting = Math.max(0, route.waiting - group.events.length);
  route.reachedAt = clock.monotonic();
  tell(written);
  if (route.offset >= route.leftEnd) for (const waiter of route.waiters.splice(0)) waiter.resolve();
}

/** Calls of earlier boots: nobody but the start of this one will end those that have no end in the spool. */
function noteLeft(route: Route, events: readonly AuditEvent[], written: readonly AuditRecord[]): void {
  if (route.offset >= route.leftEnd) return;
  for (const record of written) if (record.kind === "intent") route.left.set(record.requestId ?? "", record);
  for (const { kind, requestId } of events)
    if (kind === "completion" || kind === "interrupted") route.left.delete(requestId ?? "");
}

/** For whoever looks into it: the spool itself is emptied. */
async function setAside({ path, clock, logger }: ShipperParts): Promise<void> {
  const copy = `${path}.damaged-${clock.now()}`;
  await copyFile(path, copy);
  logger.error("the audit spool is damaged: what can be read of it is written to the trail", { copy });
}

async function tellDamage({ log, node, clock }: ShipperParts, route: Route): Promise<void> {
  if (route.damaged === 0) return;
  const change = { subject: `spool:${node}`, before: null, after: { damagedLines: route.damaged } };
  await log.append([auditEvent("admin", clock.now(), { operation: "spool.damaged", change })]);
  route.damaged = 0;
}
