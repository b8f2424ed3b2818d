import { randomBytes } from "node:crypto";
import { memoryStore } from "../../../adapters/stores/memory";
import { createSnapshots } from "../../../lib/auth/snapshot-cache";
import { createKeyVerifier } from "../../../lib/auth/verify-key";
import type { Denial } from "../../../lib/denial";
import { mintKey } from "../../../lib/keys/mint-key";
import { digestKey } from "../../../lib/keys/pepper";
import { createGrants } from "../../../lib/policy/combine-grants";
import { resolveModel } from "../../../lib/policy/find-model";
import type { AdminTransaction } from "../../../lib/ports/store";
import { admitPrincipal } from "../../../lib/stages/admit";
import { groupOf, modelOf } from "../../support/arbitrary-policy";
import { handClock, listLogger, peppers } from "../../support/key-fixture";

const EMAIL = "alice@acme.test";

/** A store with one key, and the question that is asked of it again and again. */
async function setUp() {
  const store = memoryStore();
  await store.open();
  const clock = handClock();
  const snapshots = createSnapshots({ store, clock, logger: listLogger() });
  const verifyKey = createKeyVerifier({ snapshots, peppers, clock });
  const grantOf = createGrants();
  const { id, key } = mintKey(randomBytes);
  const digest = digestKey(peppers, peppers.current, key);

  const change = (work: (tx: AdminTransaction, organizationId: string) => Promise<unknown>) =>
    store.admin.transaction(async (tx) => {
      const organization = (await tx.organizations())[0] ?? (await tx.putOrganization("acme", null));
      await work(tx, organization.id);
    });

  /** Half a second later: what becomes of a call for that model? */
  async function outcome(model: string): Promise<string> {
    clock.advance(500);
    const judgement = await verifyKey(key);
    if (!judgement.ok) return judgement.reason;
    const { snapshot } = judgement;
    try {
      admitPrincipal(snapshot, grantOf(snapshot));
      return resolveModel(await snapshots.catalogue(snapshot.organization.id), grantOf(snapshot), model).id;
    } catch (thrown) {
      return (thrown as Denial).reason;
    }
  }

  const user = { email: EMAIL, role: "user", status: "active", groups: ["engineers"] } as const;
  const putUser = (changed: object = {}) => change((tx, org) => tx.putUser(org, { ...user, ...changed }));
  const newKey = { id, name: "laptop", digest, pepperVersion: peppers.current, createdAt: 0, expiresAt: null };
  return { change, outcome, putUser, newKey };
}

describe("a change in the store", () => {
  it("of any kind decides the next call", async () => {
    const { change, outcome, putUser, newKey } = await setUp();
    expect(await outcome("gpt-4o")).toBe("unknown_key");

    await change((tx, org) => tx.putGroup(org, groupOf({ name: "engineers", personalApiKeyAccess: false })));
    await putUser();
    await change(async (tx, org) => {
      const userId = (await tx.users(org))[0]?.id ?? "";
      await tx.insertKey(org, { ...newKey, userId });
    });
    expect(await outcome("gpt-4o")).toBe("key_access_disabled");

    await change((tx, org) => tx.putGroup(org, groupOf({ name: "engineers" })));
    expect(await outcome("gpt-4o")).toBe("model_unknown");
    await change((tx, org) => tx.putModel(org, modelOf("gpt-4o")));
    expect(await outcome("gpt-4o")).toBe("model_denied");
    await change((tx, org) => tx.putGroup(org, groupOf({ name: "engineers", models: ["gpt-*"] })));
    expect(await outcome("gpt-4o")).toBe("gpt-4o");
    await change((tx, org) => tx.putModel(org, modelOf("gpt-4o", "openai", false)));
    expect(await outcome("gpt-4o")).toBe("model_disabled");
    await change((tx, org) => tx.removeModel(org, "gpt-4o"));
    expect(await outcome("gpt-4o")).toBe("model_unknown");

    await putUser({ groups: [] });
    expect(await outcome("gpt-4o")).toBe("no_groups");
    await putUser({ role: "administrator", groups: [] });
    expect(await outcome("gpt-4o")).toBe("model_unknown");
    await putUser({ role: "administrator", status: "suspended" });
    expect(await outcome("gpt-4o")).toBe("suspended");
    await putUser();
    await change((tx, org) => tx.removeGroup(org, "engineers"));
    expect(await outcome("gpt-4o")).toBe("no_groups");

    await change((tx, org) => tx.revokeKey(org, newKey.id, 1));
    expect(await outcome("gpt-4o")).toBe("revoked");
    await change((tx, org) => tx.removeUser(org, EMAIL));
    expect(await outcome("gpt-4o")).toBe("revoked");
  });
});
