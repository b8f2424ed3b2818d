import type { JsonObject } from "../../../lib/json";

/** A response that can be asked for again, with the items that it answered. */
export interface KeptResponse {
  readonly id: string;
  readonly response: JsonObject;
  readonly input: readonly JsonObject[];
}

export interface KeptResponses {
  keep(entry: KeptResponse): void;
  find(id: string): KeptResponse | undefined;
  forget(id: string): void;
}

/** In memory, the newest `limit`; older ones are forgotten. */
export function createKeptResponses(limit: number): KeptResponses {
  const entries = new Map<string, KeptResponse>();
  return Object.freeze({
    keep(entry: KeptResponse) {
      entries.delete(entry.id);
      entries.set(entry.id, entry);
      for (const oldest of entries.keys()) {
        if (entries.size <= limit) break;
        entries.delete(oldest);
      }
    },
    find: (id: string) => entries.get(id),
    forget: (id: string) => void entries.delete(id),
  });
}
