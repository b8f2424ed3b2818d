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
  process.stdout.on("error", endQuietly);
  // A server whose log nobody reads any more goes on serving.
  process.stderr.on("error", () => undefined);
  return Object.freeze({
    environment: process.env,
    input: process.stdin,
    print: (text: string) => void process.stdout.write(`${text}\n`),
    ready: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
    },
    complain: (text: string) => void process.stderr.write(`${text}\n`),
  });
}

/** `llm-gate audit tail | head` is no failure; what a command came to, as `audit verify | true` may, stands. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode ?? 0);
}
