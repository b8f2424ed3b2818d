import { once } from "node:events";
import type { Readable } from "node:stream";
import type { Environment } from "../adapters/gate-file/environment";

/** Where a command reads and writes. */
export interface Terminal {
  readonly environment: Environment;
  readonly input: Readable;
  /** Standard output: what was asked for, with a line break after it. */
  print(text: string): void;
  /** Resolves when whoever reads standard output has kept up: for answers without an end in sight. */
  ready(): Promise<void>;
  /** Standard error: what went wrong. */
  complain(text: string): void;
}

export function processTerminal(): Terminal {
  process.stdout.on("error", endWithoutOutput);
  // A server whose log nobody reads any more goes on serving.
  process.stderr.on("error", () => undefined);
  return Object.freeze({
    environment: process.env,
    input: process.stdin,
    print,
    ready: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
    },
    complain: (text: string) => void process.stderr.write(`${text}\n`),
  });
}

/** Neither an answer of `audit verify` nor any other: what was done cannot be told. */
const OUTPUT_LOST = 4;

/** A file on a full disk throws at once (Node 20) or is reported later. */
function print(text: string): void {
  try {
    process.stdout.write(`${text}\n`);
  } catch (error) {
    endWithoutOutput(error as NodeJS.ErrnoException);
  }
}

/** `llm-gate audit tail | head` is no failure; what a command came to, as `audit verify | true` may, stands. */
function endWithoutOutput({ code = "unknown" }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") process.exit(process.exitCode ?? 0);
  process.stderr.write(`Standard output cannot be written (${code}).\n`, () => process.exit(OUTPUT_LOST));
}
