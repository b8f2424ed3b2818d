import { AdminError } from "../../lib/admin";
import { ConfigurationError, Denial } from "../../lib/denial";
import { redactSecrets } from "../../adapters/redact-secrets";
import { CommandError, type ExitCode } from "../command-error";

export interface DescribedError {
  readonly code: string;
  readonly message: string;
  readonly exitCode: ExitCode;
}

/** What is wrong with the machine, not with what was written. */
const SURROUNDINGS: ReadonlySet<string> = new Set([
  "no_store",
  "store_unreadable",
  "store_foreign",
  "store_newer",
  "sqlite_driver_missing",
  "postgres_driver_missing",
  "redis_driver_missing",
  "sqlite_too_old",
  "audit_node_in_use",
  "record_unreadable",
  "checkpoint_key",
  "pepper_missing",
  "pepper_mismatch",
  "pepper_too_short",
  "express_missing",
]);

/** The one place where anything thrown becomes a sentence and an exit code. Credentials are cut out of it. */
export function describeError(error: unknown): DescribedError {
  const { code, message, exitCode } = read(error);
  return { code, message: String(redactSecrets(message)), exitCode };
}

function read(error: unknown): DescribedError {
  if (error instanceof CommandError) return error;
  if (error instanceof ConfigurationError) {
    return { code: error.code, message: error.message, exitCode: SURROUNDINGS.has(error.code) ? 1 : 2 };
  }
  if (error instanceof AdminError) {
    return { code: error.code, message: error.message, exitCode: error.code === "invalid_argument" ? 2 : 1 };
  }
  if (error instanceof Denial) return { code: error.code, message: denied(error), exitCode: 1 };
  return { code: "failed", message: oneLine(error), exitCode: 1 };
}

function denied({ publicMessage, detail }: Denial): string {
  return detail === undefined ? publicMessage : `${publicMessage} (${detail})`;
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `The command failed: ${message.split("\n")[0] ?? ""}`;
}
