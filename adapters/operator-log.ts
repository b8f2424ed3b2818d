import { writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { Writable } from "node:stream";
import winston from "winston";
import type { Logger } from "../lib/ports/logger";
import { redactSecrets } from "./redact-secrets";

export interface OperatorLogOptions {
  /** `error`, `warn`, `info` or `debug`. Default `info`. */
  readonly level?: string;
  /** Where it goes. Default: standard error. */
  readonly transports?: winston.LoggerOptions["transports"];
}

/** A winston logger of JSON lines from which anything that has the form of a credential is cut, whoever put it there. */
export function createOperatorLog({ level = "info", transports }: OperatorLogOptions = {}): winston.Logger {
  return winston.createLogger({
    level,
    format: winston.format.combine(winston.format.timestamp(), withoutSecrets(), winston.format.json()),
    transports: transports ?? new winston.transports.Stream({ stream: standardError() }),
  });
}

/** What the gate says when the host gives it no logger: warnings and errors. */
export function standardErrorLogger(): Logger {
  return createOperatorLog({ level: "warn" });
}

const STANDARD_ERROR = 2;

/**
 * A file whose disk is full loses lines of the log, and ends nothing: calls go on, or are refused in order. Not by way of
 * `process.stderr`, which throws at such a write and then keeps every later line in memory (Node 20).
 */
function standardError(): NodeJS.WritableStream {
  if (process.stderr instanceof Socket) return process.stderr;
  return new Writable({
    write(line: Buffer, _encoding, done) {
      try {
        writeFileSync(STANDARD_ERROR, line);
      } catch {
        // There is no other place to say so.
      }
      done();
    },
  });
}

const withoutSecrets = winston.format((info) => {
  for (const [name, value] of Object.entries(info)) info[name] = redactSecrets(value);
  return info;
});
