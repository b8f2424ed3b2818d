import { memoryStore } from "../../../adapters/stores/memory";
import { sharedStoreCases, storeCases, type StorePair } from "../../../lib/conformance";
import type { AdminTransaction, Store } from "../../../lib/ports/store";
import {
  brokenStore,
  neverRenewingCatalogue,
  reading,
  readingStaleModels,
  transacting,
  uncounted,
  writing,
  type StoreFault,
} from "../../support/broken-store";

const KEY_ID = "0123456789";
const MODEL = { id: "gpt-4o-mini", provider: "openai", displayName: "", enabled: true, upstreamModel: null, dlp: null };

const keepsUser = writing((tx) => ({
  removeUser: async (organizationId, email) => {
    const known = (await tx.users(organizationId)).some((user) => user.email === email);
    if (known) await tx.putUser(organizationId, { email, role: "user", status: "suspended", groups: [] });
  },
}));

/** One store for each case, broken so that the case must find it. */
const FAULTS: Readonly<Record<string, StoreFault>> = {
  "opens again without harm": (sound) => {
    let opened = false;
    return {
      open: async () => {
        if (opened) throw new Error("broken on purpose");
        opened = true;
        await sound.open();
      },
    };
  },
  "answers null for a key that was never there": (sound) => ({
    findKey: (id) => sound.findKey(KEY_ID.startsWith(id) ? KEY_ID : id),
  }),
  "finds a key with its user, groups and organisation": reading((snapshot) => ({
    ...snapshot,
    groups: snapshot.groups.map((group) => ({ ...group, denyModels: [] })),
  })),
  "finds keys that are revoked or expired": reading((snapshot) => (snapshot.key.revokedAt === null ? snapshot : null)),
  "gives snapshots that nothing can change": reading((snapshot) =>
    Object.freeze({ ...snapshot, groups: Object.freeze(snapshot.groups.map((group) => ({ ...group }))) }),
  ),
  "keeps digests out of reach of who reads them": (sound) => {
    let first: ReturnType<Store["findKey"]> | undefined;
    return { findKey: (id) => (first ??= sound.findKey(id)) };
  },
  "gives nothing for a group that is gone": writing(() => ({ removeGroup: async () => undefined })),
  "gives a group that came back to nobody who was in the old one": writing((tx) => ({
    putGroup: async (organizationId, group) => {
      await tx.putGroup(organizationId, group);
      for (const user of await tx.users(organizationId))
        await tx.putUser(organizationId, { ...user, groups: [group.name] });
    },
  })),
  "gives the user's present groups, role and status": writing((tx) => ({
    putUser: (organizationId, user) => tx.putUser(organizationId, { ...user, role: "user" }),
  })),
  "gives a user in no group no groups": writing((tx) => ({
    putUser: (organizationId, user) =>
      tx.putUser(organizationId, { ...user, groups: user.groups.length === 0 ? ["engineers"] : user.groups }),
  })),
  "rejects every read once it is closed": () => ({ close: async () => undefined }),
  "gives the catalogue of its organisation by id": writing((tx) => ({
    putModel: (organizationId, model) => tx.putModel(organizationId, { ...model, id: model.id.trim() }),
  })),
  "gives an unknown organisation an empty catalogue": (sound) => ({
    catalogue: async () => {
      const [organization] = await sound.admin.transaction((tx) => tx.organizations());
      return sound.catalogue(organization?.id ?? "");
    },
  }),
  "keeps data loss policies as they were put": writing((tx) => ({
    putModel: (organizationId, model) => tx.putModel(organizationId, { ...model, dlp: null }),
  })),
  "keeps one organisation of a name": (sound) => {
    let puts = 0;
    const numbered = writing((tx) => ({
      putOrganization: (name, dlp) => tx.putOrganization((puts += 1) === 1 ? name : `${name} ${puts}`, dlp),
    }));
    return numbered(sound);
  },
  "keeps one user of an e-mail address in an organisation": writing((tx) => ({
    putUser: async (organizationId, user) => {
      await tx.removeUser(organizationId, user.email);
      return tx.putUser(organizationId, user);
    },
  })),
  "lets two organisations have users of one e-mail address": writing((tx) => ({
    putUser: async (organizationId, user) => {
      const organizations = await tx.organizations();
      const users = (await Promise.all(organizations.map(({ id }) => tx.users(id)))).flat();
      return users.find(({ email }) => email === user.email) ?? tx.putUser(organizationId, user);
    },
  })),
  "shows an organisation nothing of another": writing((tx) => ({
    groups: async () => {
      const organizations = await tx.organizations();
      return (await Promise.all(organizations.map(({ id }) => tx.groups(id)))).flat();
    },
  })),
  "updates a group in place, every field of it": writing((tx) => ({
    putGroup: async (organizationId, group) => {
      const existing = (await tx.groups(organizationId)).find(({ name }) => name === group.name);
      await tx.putGroup(organizationId, { ...group, models: existing?.models ?? group.models });
    },
  })),
  "updates and removes models": writing(() => ({ removeModel: async () => undefined })),
  "refuses a membership in a group that does not exist": writing((tx) => ({
    putUser: (organizationId, user) =>
      tx.putUser(organizationId, { ...user, groups: user.groups.filter((name) => name === "engineers") }),
  })),
  "undoes all of a transaction that fails": transacting((transaction) => async (work) => {
    const outcome = await transaction((tx) =>
      work(tx).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      ),
    );
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }),
  "goes on after a transaction that failed": transacting((transaction) => {
    let stuck = false;
    return async (work) => {
      if (stuck) throw new Error("broken on purpose");
      return transaction(work).catch((error: unknown) => {
        stuck = true;
        throw error;
      });
    };
  }),
  "runs transactions one after the other": readingStaleModels(),
  "refuses a second key of one id, and a key of nobody": writing((tx) => ({
    insertKey: (organizationId, key) => tx.insertKey(organizationId, key).catch(() => undefined),
  })),
  "lists keys newest first, of all users or one": writing((tx) => ({
    keys: async (organizationId, email) => [...(await tx.keys(organizationId, email))].reverse(),
  })),
  "reads several keys in one question as it reads each": (sound) => ({
    findKeys: async (ids) => {
      const [first] = await Promise.all(ids.map((id) => sound.findKey(id)));
      return new Map(ids.flatMap((id) => (first ? [[id, first] as const] : [])));
    },
  }),
  "shows a key to its organisation": writing((tx) => ({
    findKey: async (organizationId, keyId) => {
      const key = await tx.findKey(organizationId, keyId);
      return key && { ...key, expiresAt: 0 };
    },
  })),
  "lets the time of the first revocation stand": writing((tx) => ({
    revokeKey: async (organizationId, keyId, at) => {
      await tx.revokeKey(organizationId, keyId, at);
      return true;
    },
  })),
  "removes a user, revokes its keys and keeps them on record": keepsUser,
  "gives a user who came back none of the old keys": keepsUser,
  "raises the epoch by one for putOrganization, and says what changed": uncounted("organization"),
  "raises the epoch by one for putGroup, and says what changed": uncounted("group"),
  "raises the epoch by one for removeGroup, and says what changed": uncounted("group"),
  "raises the epoch by one for putModel, and says what changed": uncounted("model"),
  "raises the epoch by one for removeModel, and says what changed": uncounted("model"),
  "raises the epoch by one for putUser, and says what changed": uncounted("user"),
  "changes what is named of a key and nothing else, and counts one change": writing((tx) => ({
    changeKey: (organizationId, keyId, change) => tx.changeKey(organizationId, keyId, { ...change, networks: null }),
  })),
  "counts no change of a key that changes nothing, or is not there": writing((tx) => ({
    changeKey: (organizationId, keyId, { name = "", ...change }) =>
      tx.changeKey(organizationId, keyId, { ...change, name: `${name}!` }),
  })),
  "finds the key that a rotation made, within its organisation": writing((tx) => ({
    findRotation: async (_, requestId) => {
      const found = (await tx.organizations()).map(({ id }) => tx.findRotation(id, requestId));
      return (await Promise.all(found)).find((key) => key !== null) ?? null;
    },
  })),
  "finds the key that took the place of another, within its organisation": writing((tx) => ({
    findSuccessor: async (organizationId) => (await tx.keys(organizationId))[0] ?? null,
  })),
  "makes one key of a rotation": writing((tx) => ({
    insertKey: (organizationId, { rotation, ...key }) =>
      tx.insertKey(organizationId, {
        ...key,
        ...(rotation && { rotation: { ...rotation, requestId: `${rotation.requestId} ${key.id}` } }),
      }),
  })),
  "notes when keys were last used without counting a change, where it notes that at all": () => ({
    markUsed: async () => undefined,
  }),
  "gives keys page by page, each once, those of one moment by falling id": writing((tx) => ({
    keys: async (organizationId, { after, ...query } = {}) =>
      (await tx.keys(organizationId, query)).filter(({ createdAt }) => createdAt <= (after?.createdAt ?? Infinity)),
  })),
  "gives only the keys of one user, or of one version of the pepper": writing((tx) => ({
    keys: (organizationId, { pepperVersion: _, ...query } = {}) => tx.keys(organizationId, query),
  })),
  "gives users page by page, with their groups": writing((tx) => ({
    users: async (organizationId, page) =>
      (await tx.users(organizationId, page)).map((user) => (page === undefined ? user : { ...user, groups: [] })),
  })),
  "gives groups page by page": writing((tx) => ({ groups: (organizationId) => tx.groups(organizationId) })),
  "finds one user by e-mail address, and none who is gone": (sound) => {
    let first: ReturnType<AdminTransaction["findUser"]> | undefined;
    const remembering = writing((tx) => ({ findUser: (...of) => (first ??= tx.findUser(...of)) }));
    return remembering(sound);
  },
  "knows whether another system made a key, and whether it holds any such key, where it can hold one": writing(
    (tx) => ({
      insertKey: (organizationId, { imported: _, ...key }) => tx.insertKey(organizationId, key),
    }),
  ),
  "gives a key another digest once, and counts no change, where it can": (sound) => ({
    rehash: async (digests) => {
      for (const [id, change] of digests) {
        const from = (await sound.findKey(id))?.key.pepperVersion ?? 0;
        await sound.rehash?.(new Map([[id, { ...change, from }]]));
      }
    },
  }),
  "counts keys by the version of their pepper, and those that work among them, where it counts at all": (sound) => ({
    pepperUse: async () => ((await sound.pepperUse?.()) ?? []).map((use) => ({ ...use, working: use.keys })),
  }),
  "keeps what shows of each pepper that it is the same, the first of each version, and counts no change, where it keeps it":
    () => ({ pepperProofs: async (given) => given }),
  "raises the epoch by one for insertKey, and says what changed": uncounted("key"),
  "raises the epoch by one for revokeKey, and says what changed": uncounted("key"),
  "says of a removed user that the user and each of its keys changed": (sound) => ({
    changesSince: async (epoch) => (await sound.changesSince(epoch)).filter(({ subject }) => subject !== "key"),
  }),
  "leaves the epoch alone when nothing changes": writing((tx) => ({
    removeModel: async (organizationId, id) => {
      await tx.removeModel(organizationId, id);
      await tx.putModel(organizationId, MODEL);
    },
  })),
  "stamps snapshots and catalogues with the epoch they were read at": reading((snapshot) => ({
    ...snapshot,
    epoch: 1,
  })),
  "gives changes oldest first, only later ones, a thousand at most": (sound) => ({
    changesSince: async (epoch) => {
      const first = await sound.changesSince(epoch);
      return [...first, ...(await sound.changesSince(first.at(-1)?.epoch ?? epoch))];
    },
  }),
  "shows a change to whoever reads after it resolved": neverRenewingCatalogue(),
};

const SHARED_FAULTS: Readonly<Record<string, (store: Store) => StorePair>> = {
  "opens twice at once": (store) => ({ first: store, second: memoryStore() }),
  "sees what another handle committed": (store) => {
    let first: Promise<number> | undefined;
    return { first: store, second: { ...store, epoch: () => (first ??= store.epoch()) } };
  },
  "does not see what another handle has not committed": (store) => {
    let dirty = false;
    const revokeKey =
      (tx: AdminTransaction): AdminTransaction["revokeKey"] =>
      (...change) => {
        dirty = true;
        return tx.revokeKey(...change);
      };
    const first = brokenStore(
      store,
      writing((tx) => ({ revokeKey: revokeKey(tx) })),
    );
    const second = brokenStore(
      store,
      reading((snapshot) => (dirty ? { ...snapshot, key: { ...snapshot.key, revokedAt: 1 } } : snapshot)),
    );
    return { first, second };
  },
  "renews its catalogue when another handle changed it": (store) => ({
    first: store,
    second: brokenStore(store, neverRenewingCatalogue()),
  }),
  "runs transactions of both handles one after the other": (store) => {
    const stale = brokenStore(store, readingStaleModels());
    return { first: stale, second: stale };
  },
  "knows the response ids that another handle remembered": (store) => ({
    first: store,
    second: { ...store, ledger: { ...store.ledger, find: async () => null } },
  }),
};

describe("every case of the store's conformance suite", () => {
  it.each(storeCases(() => memoryStore()).map(({ name }) => name))("fails a store that breaks it: %s", async (name) => {
    const fault = FAULTS[name];
    if (fault === undefined) throw new Error("No store is broken for this case.");
    const broken = storeCases(() => brokenStore(memoryStore(), fault)).find((candidate) => candidate.name === name);
    await expect(broken?.run()).rejects.toThrow();
  });

  it("has a name of its own", () => {
    const names = storeCases(() => memoryStore()).map(({ name }) => name);
    expect(Object.keys(FAULTS).sort()).toEqual([...new Set(names)].sort());
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("every case of the shared store's conformance suite", () => {
  const sameTwice = () => {
    const store = memoryStore();
    return { first: store, second: store };
  };

  it.each(sharedStoreCases(sameTwice).map(({ name, run }) => [name, run] as const))(
    "passes a sound pair: %s",
    (_, run) => run(),
  );

  it.each(sharedStoreCases(sameTwice).map(({ name }) => name))("fails a pair that breaks it: %s", async (name) => {
    const fault = SHARED_FAULTS[name];
    if (fault === undefined) throw new Error("No pair is broken for this case.");
    const broken = sharedStoreCases(() => fault(memoryStore())).find((candidate) => candidate.name === name);
    await expect(broken?.run()).rejects.toThrow();
  });
});
