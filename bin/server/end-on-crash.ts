import type winston from "winston";
import type { RunningGate } from "./start-gate";

const LAST_MS = 5_000;

/**
 * After an error that nobody caught the process is not to be trusted: what is open is put on record, and it ends with 1.
 * Only where it happened is logged: the error's message could quote what a caller sent.
 */
export function endOnCrash(running: RunningGate, log: winston.Logger): void {
  let ending = false;
  process.on("uncaughtException", (error: unknown) => {
    log.error("an error was not caught", { error: nameOf(error), at: placesOf(error) });
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), LAST_MS).unref();
    void running.close(0).finally(() => process.exit(1));
  });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function placesOf(error: unknown): readonly string[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
}
