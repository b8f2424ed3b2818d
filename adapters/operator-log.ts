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
    transports: transports ?? new winston.transports.Console({ stderrLevels: ["error", "warn", "info", "debug"] }),
  });
}

/** What the gate says when the host gives it no logger: warnings and errors. */
export function standardErrorLogger(): Logger {
  return createOperatorLog({ level: "warn" });
}

const withoutSecrets = winston.format((info) => {
  for (const [name, value] of Object.entries(info)) info[name] = redactSecrets(value);
  return info;
});
