import type { LedgerEntry } from "../../lib/ports/response-ledger";

const DAY_MS = 86_400_000;

/** How long a response id is remembered unless an option says otherwise: as long as providers keep one. */
export const LEDGER_TTL_MS = 30 * DAY_MS;

/**
 * What is on record once `entry` was remembered over a living `earlier` one. An id never changes hands, and a chain
 * that carried tools stays one that did.
 */
export function succeedingEntry(earlier: LedgerEntry | null, entry: LedgerEntry): LedgerEntry {
  if (earlier === null) return Object.freeze({ ...entry });
  if (earlier.userId !== entry.userId) throw new Error("The response id is on record for another user.");
  return Object.freeze({ ...entry, toolFree: earlier.toolFree && entry.toolFree });
}
