import type { LedgerEntry, ResponseLedger } from "../../lib/ports/response-ledger";
import { succeedingEntry } from "./ledger-entry";

/** Entries in the order of their end of life, so that the lapsed ones are first. */
export function memoryLedger(ttlMs: number, now: () => number, assertOpen: () => void): ResponseLedger {
  const entries = new Map<string, { readonly entry: LedgerEntry; readonly expiresAt: number }>();
  const place = (organizationId: string, responseId: string) => JSON.stringify([organizationId, responseId]);
  const living = (key: string): LedgerEntry | null => {
    const found = entries.get(key);
    return found !== undefined && found.expiresAt > now() ? found.entry : null;
  };
  return Object.freeze({
    remember: async (entry: LedgerEntry) => {
      assertOpen();
      const key = place(entry.organizationId, entry.responseId);
      const next = succeedingEntry(living(key), entry);
      entries.delete(key);
      entries.set(key, { entry: next, expiresAt: now() + ttlMs });
      for (const [oldest, { expiresAt }] of entries) {
        if (expiresAt > now()) break;
        entries.delete(oldest);
      }
    },
    find: async (organizationId: string, responseId: string) => {
      assertOpen();
      return living(place(organizationId, responseId));
    },
  });
}
