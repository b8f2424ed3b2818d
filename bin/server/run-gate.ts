import { once } from "node:events";
import type winston from "winston";
import type { RunningGate } from "./start-gate";
import { endOnCrash } from "./end-on-crash";

/** Serves until the signal aborts, then ends in order. What was under way gets `drainMs`. */
export async function runGate(
  running: RunningGate,
  drainMs: number,
  stop: AbortSignal,
  log: winston.Logger,
): Promise<void> {
  endOnCrash(running, log);
  if (!stop.aborted) await once(stop, "abort");
  log.info("stopping", { drainMs });
  await running.close(drainMs);
  log.info("stopped");
}
