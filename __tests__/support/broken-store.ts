import type { AdminTransaction, ChangeSubject, KeySnapshot, Store } from "../../lib/ports/store";

/** What a broken store does otherwise than the sound one it is made of. */
export type StoreFault = (sound: Store) => Partial<Store>;
type Override = (tx: AdminTransaction) => Partial<AdminTransaction>;
type Transaction = Store["admin"]["transaction"];

export function brokenStore(sound: Store, fault: StoreFault): Store {
  return { ...sound, ...fault(sound) };
}

export function writing(override: Override): StoreFault {
  return (sound) => ({
    admin: { transaction: (work) => sound.admin.transaction((tx) => work({ ...tx, ...override(tx) })) },
  });
}

export function transacting(around: (transaction: Transaction) => Transaction): StoreFault {
  return (sound) => ({ admin: { transaction: around(sound.admin.transaction) } });
}

export function reading(change: (snapshot: KeySnapshot) => KeySnapshot | null): StoreFault {
  return (sound) => ({
    findKey: async (id) => {
      const snapshot = await sound.findKey(id);
      return snapshot === null ? null : change(snapshot);
    },
  });
}

/** Forgets to count the changes of one kind of thing. */
export function uncounted(subject: ChangeSubject): StoreFault {
  return (sound) => ({
    epoch: async () => (await sound.changesSince(0)).filter((change) => change.subject !== subject).length,
  });
}

/** Lets a transaction read the models as they were when it was asked for. */
export function readingStaleModels(): StoreFault {
  return (sound) => {
    let organizationId = "";
    const transaction: Transaction = (work) => {
      const stale = organizationId === "" ? undefined : sound.catalogue(organizationId);
      return sound.admin.transaction(async (tx) => {
        const models = async (id: string) => [...((await stale)?.models.values() ?? (await tx.models(id)))];
        const putOrganization: AdminTransaction["putOrganization"] = async (name, dlp) => {
          const organization = await tx.putOrganization(name, dlp);
          organizationId = organization.id;
          return organization;
        };
        return work({ ...tx, models, putOrganization });
      });
    };
    return { admin: { transaction } };
  };
}

/** Answers from the first catalogue for ever. */
export function neverRenewingCatalogue(): StoreFault {
  return (sound) => {
    let first: ReturnType<Store["catalogue"]> | undefined;
    return { catalogue: (id) => (first ??= sound.catalogue(id)) };
  };
}
