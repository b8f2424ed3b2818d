import type { AuditSink } from "../ports/audit-sink";
import type { Logger } from "../ports/logger";
import { SinkTrouble, troubleOf } from "./sink-trouble";

/** How a sink is doing, as this process sees it. */
export interface SinkHealth {
  readonly name: string;
  /** Records that it acknowledged since the gate started. */
  readonly delivered: number;
  /** Records on record that it does not have yet, of the chains that this gate ships to it. */
  readonly behind: number;
  /** Attempts that failed in a row. */
  readonly failures: number;
  /** Why the last attempt failed; null when it did not. */
  readonly error: string | null;
}

export interface Standing {
  delivered: number;
  failures: number;
  error: string | null;
  /** When the log was last told of trouble; milliseconds, monotonic. */
  toldAt: number;
}

const REMIND_MS = 60_000;

/** Tells the operator's log when a sink stops taking records, now and then while it does not, and when it does again. */
export function noteTrouble(
  logger: Logger,
  { name }: AuditSink,
  standing: Standing,
  error: unknown,
  behind: number,
): void {
  if (error === null) {
    if (standing.failures > 0) logger.info("an audit sink takes records again", { sink: name, behind });
    Object.assign(standing, { failures: 0, error: null, toldAt: -Infinity });
    return;
  }
  const reason = troubleOf(error);
  const told = performance.now() - standing.toldAt < REMIND_MS && reason === standing.error;
  Object.assign(standing, { failures: standing.failures + 1, error: reason });
  if (told) return;
  standing.toldAt = performance.now();
  const level = error instanceof SinkTrouble && error.permanent ? "error" : "warn";
  const facts = { sink: name, error: reason, behind, attempts: standing.failures };
  logger[level]("an audit sink does not take records; they wait in the trail", facts);
}
