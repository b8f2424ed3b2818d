import fc from "fast-check";
import { memoryStore } from "../../../adapters/stores/memory";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import type { AppliedPolicy, PolicyDocument } from "../../../lib/admin";
import type { Store } from "../../../lib/ports/store";
import { adminFixture, group, POLICY, type AdminFixture } from "../../support/admin-fixture";
import { tempFolder } from "../../adapters/stores/temp-folder";

const fresh = tempFolder();
const stores: readonly (readonly [string, () => Store])[] = [
  ["memory", () => memoryStore()],
  ["SQLite", () => sqliteStore(fresh())],
];

let fixture: AdminFixture;
afterEach(() => fixture.close());

/** `group:engineers`, under what happens to it. */
function summary({ added, changed, removed, unnamed }: AppliedPolicy) {
  const places = (entries: readonly { readonly subject: string; readonly name: string }[]) =>
    entries.map(({ subject, name }) => `${subject}:${name}`);
  return { added: places(added), changed: places(changed), removed: places(removed), unnamed: places(unnamed) };
}

const NOTHING = { added: [], changed: [], removed: [], unnamed: [] };

describe.each(stores)("applying a policy on %s", (_, newStore) => {
  beforeEach(async () => {
    fixture = await adminFixture(newStore());
  });

  it("adds all of it once, and nothing when it is applied again", async () => {
    const { admin, records, store } = fixture;
    const first = await admin.applyPolicy(POLICY);
    expect([first.applied, first.added.length]).toEqual([true, 10]);
    const [epoch, recorded] = [await store.epoch(), (await records()).length];
    const again = await admin.applyPolicy(POLICY);
    expect([again.applied, summary(again)]).toEqual([false, NOTHING]);
    expect([await store.epoch(), (await records()).length, recorded]).toEqual([epoch, recorded, 10]);
  });

  it("changes what differs and says how it was", async () => {
    const { admin } = fixture;
    await admin.applyPolicy(POLICY);
    const engineers = { ...group("engineers", true), askModeOnly: true };
    const applied = await admin.applyPolicy({ ...POLICY, groups: [engineers, group("interns", false)] });
    expect(summary(applied)).toEqual({ ...NOTHING, changed: ["group:engineers"] });
    expect(applied.changed[0]).toMatchObject({ before: { askModeOnly: false }, after: { askModeOnly: true } });
    expect((await admin.groups()).find(({ name }) => name === "engineers")?.askModeOnly).toBe(true);
  });

  it("leaves what it does not name, and takes it away when it prunes", async () => {
    const { admin, store } = fixture;
    await admin.applyPolicy(POLICY);
    const { id } = await admin.createKey({ email: "ian@acme.test", name: "desk" });
    const smaller: PolicyDocument = {
      ...POLICY,
      dlp: undefined,
      models: POLICY.models.slice(0, 1),
      groups: POLICY.groups.slice(0, 1),
      users: POLICY.users.slice(0, 1),
    };
    const names = ["user:gone@acme.test", "user:ian@acme.test", "user:nora@acme.test", "user:root@acme.test"];
    const gone = ["model:old-model", "group:interns", ...names];
    expect(summary(await admin.applyPolicy(smaller))).toEqual({ ...NOTHING, unnamed: gone });
    expect((await store.findKey(id))?.key.revokedAt).toBeNull();
    const pruned = await admin.applyPolicy(smaller, { prune: true });
    expect(summary(pruned)).toEqual({ ...NOTHING, changed: ["organization:acme"], removed: gone });
    expect((await store.findKey(id))?.key.revokedAt).not.toBeNull();
    expect((await store.findKey(id))?.organization.dlp).toBeNull();
    expect((await admin.users()).map(({ email }) => email)).toEqual(["alice@acme.test"]);
  });

  it("only says what it would do in a dry run", async () => {
    const { admin, store, records } = fixture;
    const planned = await admin.applyPolicy(POLICY, { dryRun: true });
    expect([planned.applied, planned.added.length, await store.epoch(), await records()]).toEqual([false, 10, 0, []]);
  });

  it("puts every difference on record, and none of the words that must not leak", async () => {
    const { admin, records } = fixture;
    await admin.applyPolicy(POLICY);
    const written = await records();
    expect(new Set(written.map(({ kind, operation }) => `${kind} ${operation}`))).toEqual(
      new Set(["admin policy.apply"]),
    );
    expect(written.map(({ change }) => change?.subject)).toContain("user:alice@acme.test");
    const organization = written.find(({ change }) => change?.subject === "organization:acme");
    expect(organization?.change?.after).toMatchObject({
      dlp: { custom: [{ name: "CODENAMES", phrases: 1, action: "tokenize" }] },
    });
    expect(JSON.stringify(written)).not.toContain("Blue Heron");
  });

  it("writes nothing when somebody else changed the store meanwhile", async () => {
    const { store, clock, audit, records } = fixture;
    await fixture.admin.applyPolicy(POLICY);
    const meddling = {
      ...audit,
      append: async (events: Parameters<typeof audit.append>[0]) => {
        await store.admin.transaction(async (tx) => {
          const [organization] = await tx.organizations();
          await tx.removeUser(organization?.id ?? "", "nora@acme.test");
        });
        return audit.append(events);
      },
    };
    const second = await adminFixture(store, { clock, audit: meddling });
    const applying = second.admin.applyPolicy({
      ...POLICY,
      groups: [group("engineers", false), group("interns", false)],
    });
    await expect(applying).rejects.toMatchObject({ code: "conflict" });
    expect((await fixture.admin.groups()).find(({ name }) => name === "engineers")?.personalApiKeyAccess).toBe(true);
    expect((await records()).at(-1)).toMatchObject({ operation: "policy.apply", outcome: "refused" });
    await second.audit.close();
  });

  it("has nothing to remark on a store with one organization", async () => {
    expect((await fixture.admin.applyPolicy(POLICY)).notes).toEqual([]);
  });

  it("notes that a user whose address is written in another case is another user", async () => {
    await fixture.admin.applyPolicy(POLICY);
    const rewritten = { ...POLICY, users: POLICY.users.map((user) => ({ ...user, email: user.email.toUpperCase() })) };
    const [user] = POLICY.users;
    const { notes } = await fixture.admin.applyPolicy(rewritten, { dryRun: true });
    expect(notes).toContainEqual(
      expect.stringContaining(`${user?.email.toUpperCase()} is another user than ${user?.email}`),
    );
    expect((await fixture.admin.applyPolicy(rewritten, { dryRun: true, prune: true })).notes).toEqual([]);
  });
});

describe("pruning", () => {
  it("leads from any policy to any other, as if that had been applied first", async () => {
    fixture = await adminFixture(memoryStore());
    await fc.assert(
      fc.asyncProperty(arbitraryPolicy(), arbitraryPolicy(), async (earlier, later) => {
        expect(await stateAfter(earlier, later)).toEqual(await stateAfter(later));
      }),
      { numRuns: 50 },
    );
  });

  async function stateAfter(...policies: readonly PolicyDocument[]): Promise<unknown> {
    const { admin, close } = await adminFixture(memoryStore());
    for (const policy of policies) await admin.applyPolicy(policy, { prune: true });
    const state = { models: await admin.models(), groups: await admin.groups(), users: await admin.users() };
    await close();
    return JSON.parse(JSON.stringify(state, (name, value: unknown) => (name === "id" && isUuid(value) ? "" : value)));
  }

  function isUuid(value: unknown): boolean {
    return typeof value === "string" && /^[0-9a-f]{8}-/.test(value);
  }

  function arbitraryPolicy(): fc.Arbitrary<PolicyDocument> {
    const groups = fc
      .subarray(["a", "b", "c"])
      .chain((names) => fc.tuple(...names.map((name) => fc.boolean().map((access) => group(name, access)))));
    return groups.chain((chosen) => {
      const users = fc.subarray(["x@y", "y@y", "z@y"]).chain((emails) =>
        fc.tuple(
          ...emails.map((email) =>
            fc.record({
              email: fc.constant(email),
              role: fc.constantFrom("user" as const, "administrator" as const),
              status: fc.constantFrom("active" as const, "suspended" as const),
              groups: fc.subarray(chosen.map(({ name }) => name)),
            }),
          ),
        ),
      );
      const models = fc.subarray([...POLICY.models]);
      return fc.record({
        organization: fc.constant("acme"),
        dlp: fc.constantFrom(undefined, POLICY.dlp),
        models,
        groups: fc.constant(chosen),
        users,
      });
    });
  }
});
