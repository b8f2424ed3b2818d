import type { DlpPolicy } from "../dlp/policy";
import type { CatalogueModel, Group, Organization } from "../policy/domain";
import type { AdminTransaction, KeySnapshot, NewKey, Store, UserRecord } from "../ports/store";
import type { Case } from "./case";

export type StoreFactory = () => Store | Promise<Store>;

export const CREATED_AT = 1_700_000_000_000;
export const KEY_ID = "0123456789";
export const EMAIL = "alice@acme.test";

export const ENGINEERS: Omit<Group, "id"> = Object.freeze({
  name: "engineers",
  personalApiKeyAccess: true,
  askModeOnly: false,
  models: ["gpt-*", "claude-sonnet-4-5"],
  providers: ["anthropic"],
  denyModels: ["gpt-5-pro*"],
  denyProviders: ["other"],
  dlp: null,
});

export const MODEL: CatalogueModel = Object.freeze({
  id: "gpt-4o-mini",
  provider: "openai",
  displayName: "GPT-4o mini",
  enabled: true,
  upstreamModel: null,
  dlp: null,
});

export const POLICY: DlpPolicy = {
  request: { EMAIL_ADDRESS: "redact", US_SSN: { action: "block", minScore: 0.8, context: "required" } },
  response: { CREDIT_CARD: "block" },
  custom: [{ name: "CODENAMES", phrases: ["Blue Heron"], action: "tokenize", on: "request" }],
  allow: { values: ["support@acme.test"], phrases: ["write to us"] },
};

export function newKey(userId: string, changes: Partial<NewKey> = {}): NewKey {
  return {
    id: KEY_ID,
    name: "laptop",
    userId,
    digest: Uint8Array.from({ length: 32 }, (_, index) => index * 8),
    pepperVersion: 1,
    createdAt: CREATED_AT,
    expiresAt: null,
    ...changes,
  };
}

/** An organisation with one group, one model and one user with one key. */
export interface Seed {
  readonly organization: Organization;
  readonly user: UserRecord;
}

export function seed(store: Store, organizationName = "acme"): Promise<Seed> {
  return store.admin.transaction(async (tx) => {
    const organization = await tx.putOrganization(organizationName, null);
    await tx.putModel(organization.id, MODEL);
    await tx.putGroup(organization.id, ENGINEERS);
    const user = await putAlice(tx, organization.id);
    await tx.insertKey(organization.id, newKey(user.id));
    return { organization, user };
  });
}

export function putAlice(
  tx: AdminTransaction,
  organizationId: string,
  groups: readonly string[] = [ENGINEERS.name],
): Promise<UserRecord> {
  return tx.putUser(organizationId, { email: EMAIL, role: "user", status: "active", groups });
}

export async function foundKey(store: Store, keyId = KEY_ID): Promise<KeySnapshot> {
  const snapshot = await store.findKey(keyId);
  if (snapshot === null) throw new Error("The store does not find a key that was inserted.");
  return snapshot;
}

/** A claim's name, and how it is checked on an open store with the seed in it. */
export type StoreCheck = readonly [name: string, check: (store: Store, seed: Seed) => Promise<void>];

/** Cases that each get a fresh store, closed afterwards. */
export function seededCases(factory: StoreFactory, checks: readonly StoreCheck[]): readonly Case[] {
  return checks.map(([name, check]) => ({
    name,
    run: async () => {
      const store = await factory();
      await store.open();
      try {
        await check(store, await seed(store));
      } finally {
        await store.close();
      }
    },
  }));
}
