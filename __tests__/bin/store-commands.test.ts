import { createPrivateKey } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { llmGate, llmGateJson } from "../support/command-line";
import { place, POLICY } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();

interface KeyDocument {
  readonly id: string;
  readonly key: string;
  readonly status: string;
  readonly works: boolean;
  readonly why: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

const mode = (name: string): number => statSync(at.path(name)).mode & 0o777;

describe("llm-gate init", () => {
  const store = ["--store", `sqlite:${at.path("init.db")}`];

  it("makes the database and two secrets beside it that only their owner reads, and says so", async () => {
    const { code, stdout } = await llmGate(["init", ...store]);
    expect(code).toBe(0);
    expect(stdout.match(/made/g)).toHaveLength(3);
    expect([mode("init.db"), mode("init.db.pepper"), mode("init.db.checkpoint.key")]).toEqual([0o600, 0o600, 0o600]);
    expect(createPrivateKey(readFileSync(at.path("init.db.checkpoint.key"))).asymmetricKeyType).toBe("ed25519");
    expect(readFileSync(at.path("init.db.pepper"), "utf8").trim().length).toBeGreaterThanOrEqual(32);
  });

  it("keeps every one of them when it runs again", async () => {
    const secrets = () => [".pepper", ".checkpoint.key"].map((end) => readFileSync(at.path(`init.db${end}`), "utf8"));
    const before = secrets();
    const made = await llmGateJson(["init", ...store]);
    expect(secrets()).toEqual(before);
    expect(made).toMatchObject({
      database: { state: "existing" },
      pepper: { state: "existing" },
      checkpointKey: { state: "existing" },
    });
  });

  it("makes no pepper where the environment has one", async () => {
    const env = { LLM_GATE_PEPPER: "p".repeat(32), LLM_GATE_STORE: `sqlite:${at.path("env.db")}` };
    const made = await llmGateJson(["init"], { env });
    expect(made).toMatchObject({ pepper: { path: null, state: "environment" } });
    expect(existsSync(at.path("env.db.pepper"))).toBe(false);
  });
});

describe("llm-gate apply", () => {
  const policy = at.write("policy.yaml", POLICY);

  it("shows in a dry run what it would do to a store that is not there, and makes none", async () => {
    const { code, stdout } = await llmGate(["apply", policy, "--dry-run", ...at.store]);
    expect(code).toBe(0);
    expect(stdout).toContain("+ group engineers");
    expect(stdout).toContain("dry run");
    expect(existsSync(at.path("gate.db"))).toBe(false);
    expect(existsSync(at.path("gate.db.pepper"))).toBe(false);
  });

  it("makes a store that is not there, applies, and has nothing to do the second time", async () => {
    const first = await llmGateJson<{ applied: boolean; added: unknown[] }>(["apply", policy, ...at.store]);
    expect(first).toMatchObject({ organization: "acme", applied: true });
    expect(first.added).toHaveLength(9);
    expect(mode("gate.db.pepper")).toBe(0o600);
    const { code, stdout } = await llmGate(["apply", policy, ...at.store]);
    expect([code, stdout.trim()]).toEqual([0, "acme is as the file says: nothing to do."]);
  });

  it("shows each member that changes, and removes what is not named only when it is told to", async () => {
    const changed = at.write(
      "changed.yaml",
      POLICY.replace('models: ["gpt-*"]', 'models: ["gpt-4*"]').replace(/ {2}- \{ email: rob.*\n/, ""),
    );
    const kept = await runInProcess(["apply", changed, ...at.store]);
    expect(kept.stdout).toContain('~ group engineers\n    models: ["gpt-*"] -> ["gpt-4*"]');
    expect(kept.stdout).toContain("Not in the file, and kept: user rob@acme.test");
    const pruned = await runInProcess(["apply", changed, "--prune", ...at.store]);
    expect(pruned.stdout).toContain("- user rob@acme.test");
    expect((await runInProcess(["apply", policy, ...at.store])).stdout).toContain("+ user rob@acme.test");
  });
});

describe("llm-gate key", () => {
  const create = (...args: string[]) => ["key", "create", "--name", "laptop", ...args, ...at.store];
  const created = async (...args: string[]): Promise<KeyDocument> =>
    JSON.parse((await runInProcess([...create(...args), "--json"])).stdout) as KeyDocument;

  it("creates a key that is shown once and kept nowhere", async () => {
    const { code, stdout } = await llmGate(create("--user", "alice@acme.test"));
    const [key = ""] = /llmg_[0-9A-Za-z]{49}/.exec(stdout) ?? [];
    expect(code).toBe(0);
    expect(key).toHaveLength(54);
    const kept = ["gate.db", "gate.db-wal"].map(at.path).filter((file) => existsSync(file));
    expect(kept.some((file) => readFileSync(file).includes(key))).toBe(false);
  });

  it("says of a key that opens nothing yet why it does not", async () => {
    const key = await llmGateJson<KeyDocument>(create("--user", "rob@acme.test"));
    expect(key).toMatchObject({ user: "rob@acme.test", name: "laptop", works: false, expiresAt: null });
    expect(key.why).toContain("Personal API Key Access");
  });

  it.each([
    ["2h", 2 * 3_600_000],
    ["90d", 90 * 86_400_000],
  ])("counts --expires %s from now", async (expires, span) => {
    const before = Date.now();
    const { expiresAt } = await created("--user", "alice@acme.test", "--expires", expires);
    const lived = Date.parse(expiresAt ?? "") - span;
    expect(lived).toBeGreaterThanOrEqual(before);
    expect(lived).toBeLessThanOrEqual(Date.now());
  });

  it("takes a date for --expires as its first moment in UTC", async () => {
    const { expiresAt } = await created("--user", "alice@acme.test", "--expires", "2099-12-31");
    expect(expiresAt).toBe("2099-12-31T00:00:00.000Z");
  });

  it("lists, shows and revokes by id or by the whole key, which it never repeats", async () => {
    const { id, key } = await created("--user", "ann@acme.test");
    const { keys } = await llmGateJson<{ keys: KeyDocument[] }>([
      "key",
      "list",
      "--user",
      "ann@acme.test",
      ...at.store,
    ]);
    expect(keys.map((listed) => [listed.id, listed.status])).toEqual([[id, "active"]]);
    const revoked = await llmGate(["key", "revoke", key, ...at.store]);
    expect([revoked.code, revoked.stdout.includes(id)]).toEqual([0, true]);
    expect(revoked.stdout + revoked.stderr).not.toContain(key);
    const shown = await llmGateJson<KeyDocument>(["key", "show", id, ...at.store]);
    const again = JSON.parse((await runInProcess(["key", "revoke", id, "--json", ...at.store])).stdout) as KeyDocument;
    expect(shown.status).toBe("revoked");
    expect(again.revokedAt).toBe(shown.revokedAt);
    expect((await llmGate(["key", "list", "--user", "ann@acme.test", ...at.store])).stdout).toMatch(
      /^ID .*\n.*revoked/,
    );
  });

  it("puts every change on record, in the chain of the command line", async () => {
    const { records } = await llmGateJson<{ records: { node: string; operation: string; keyId: string }[] }>([
      "audit",
      "tail",
      "--limit",
      "100",
      ...at.store,
    ]);
    expect(new Set(records.map(({ node }) => node))).toEqual(new Set(["cli"]));
    const operations = records.map(({ operation }) => operation);
    expect(operations.filter((operation) => operation === "key.create")).toHaveLength(6);
    expect(operations.filter((operation) => operation === "key.revoke")).toHaveLength(1);
    expect(operations.filter((operation) => operation === "policy.apply").length).toBeGreaterThanOrEqual(12);
  });
});
