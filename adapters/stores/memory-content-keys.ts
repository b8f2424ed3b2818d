import type { ContentKey, ContentKeys } from "../../lib/ports/content-keys";

export function memoryContentKeys(): ContentKeys {
  const keys = new Map<string, ContentKey>();
  const kept = (): readonly ContentKey[] => [...keys.values()].filter(({ wrapped }) => wrapped !== null);
  const of = (organization: string, user: string): readonly ContentKey[] =>
    kept().filter((key) => key.organization === organization && key.user === user);
  return Object.freeze({
    current: async (organization: string, user: string) => of(organization, user)[0] ?? null,
    find: async (id: string) => keys.get(id) ?? null,
    async add(key: ContentKey): Promise<ContentKey> {
      const present = of(key.organization, key.user)[0];
      if (present === undefined) keys.set(key.id, key);
      return present ?? key;
    },
    async erase(organization: string, user: string): Promise<number> {
      const erased = of(organization, user);
      for (const key of erased) keys.set(key.id, Object.freeze({ ...key, wrapped: null }));
      return erased.length;
    },
    wrappedByOthers: async (wrappedBy: string) => kept().filter((key) => key.wrappedBy !== wrappedBy),
    async rewrap(id: string, wrapped: Uint8Array, wrappedBy: string): Promise<void> {
      const key = keys.get(id);
      if (key !== undefined && key.wrapped !== null) keys.set(id, Object.freeze({ ...key, wrapped, wrappedBy }));
    },
  });
}
