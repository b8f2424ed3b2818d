import { createHash } from "node:crypto";

/** The number by which a name is locked in a database, as a 64-bit integer in text. */
export function lockNumber(...name: readonly string[]): string {
  const place = JSON.stringify(["express-llm-gate", ...name]);
  return createHash("sha256").update(place).digest().readBigInt64BE().toString();
}
