import { openSqlite } from "../../adapters/stores/sqlite-driver";
import { listeningUrl, startLlmGate } from "../support/command-line";
import { place, POLICY } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();
const policy = at.write("policy.yaml", POLICY);

interface KeyDocument {
  readonly id: string;
  readonly key: string | null;
  readonly name: string;
  readonly status: string;
  readonly expiresAt: string | null;
  readonly graceUntil: string | null;
  readonly models: readonly string[] | null;
  readonly networks: readonly string[] | null;
  readonly replaces: string | null;
  readonly applied?: { readonly applied: readonly string[]; readonly waiting: readonly string[] };
}

async function key(...args: readonly string[]): Promise<KeyDocument> {
  const { code, stdout, stderr } = await runInProcess(["key", ...args, "--json", ...at.store]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as KeyDocument;
}

const create = () => key("create", "--user", "alice@acme.test", "--name", "laptop");

beforeAll(() => runInProcess(["apply", policy, ...at.store]));

describe("llm-gate key", () => {
  it("rotates a key with a grace, once for one request id", async () => {
    const old = await create();
    const rotated = await key("rotate", old.id, "--grace", "2h", "--request-id", "r1");
    expect(rotated).toMatchObject({ replaces: old.id, name: "laptop" });
    expect(rotated.key).toMatch(/^llmg_/);
    const { status, expiresAt } = await key("show", old.id);
    expect([status, expiresAt]).toEqual(["active", rotated.graceUntil]);
    expect(Date.parse(rotated.graceUntil ?? "") - Date.now()).toBeGreaterThan(7_100_000);
    expect(await key("rotate", old.id, "--request-id", "r1")).toMatchObject({ id: rotated.id, key: null });
    const again = await runInProcess(["key", "rotate", old.id, "--request-id", "r1", ...at.store]);
    expect(again.stdout).toContain("its key was shown then");
    expect(again.stdout).toMatch(/expires +never/);
    for (const args of [
      ["rotate", old.id],
      ["expire", old.id, "never"],
    ]) {
      const refused = await runInProcess(["key", ...args, ...at.store]);
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`${rotated.id} took its place`)]);
    }
  });

  it("rotates at once with --grace 0", async () => {
    const old = await create();
    expect(await key("rotate", old.id, "--grace", "0")).toMatchObject({ graceUntil: null });
    expect((await key("show", old.id)).status).toBe("revoked");
  });

  it("renames, expires and limits a key, and takes limits away", async () => {
    const { id } = await create();
    expect((await key("rename", id, "build")).name).toBe("build");
    expect((await key("expire", id, "2099-12-31")).expiresAt).toBe("2099-12-31T00:00:00.000Z");
    expect((await key("expire", id, "never")).expiresAt).toBeNull();
    const limits = ["--models", "gpt-4o-mini, claude-*", "--networks", "127.0.0.1,::1"];
    expect(await key("limit", id, ...limits)).toMatchObject({
      ...{ models: ["gpt-4o-mini", "claude-*"], networks: ["127.0.0.1", "::1"] },
    });
    expect(await key("limit", id, "--models", "any")).toMatchObject({ models: null, networks: ["127.0.0.1", "::1"] });
  });

  it.each([
    [2, ["limit", "0123456789"], "Say what is limited"],
    [2, ["rotate", "0123456789", "--grace", "soon"], '--grace "soon" is not a span of time'],
    [2, ["expire", "0123456789", "soon"], '"soon" is not a time to come'],
    [1, ["rotate", "0123456789"], 'There is no key "0123456789"'],
    [2, ["limit", "0123456789", "--networks", "here"], "The networks of a key are addresses"],
  ])("exit code %i for %j", async (code, args, sentence) => {
    const ended = await runInProcess(["key", ...args, ...at.store]);
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(sentence)]);
  });

  it("waits until a revocation holds at every running gate, which `nodes` lists", async () => {
    const config = at.write("gate.yaml", "listen: { port: 0 }\nstore: { sqlite: ./gate.db }\naudit: { node: one }\n");
    const running = startLlmGate(["serve", "--config", config]);
    const url = await listeningUrl(running);
    const { id, key: secret } = await create();
    const ask = () => fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${secret ?? ""}` } });
    expect((await ask()).status).toBe(200);
    expect((await key("revoke", id, "--wait")).applied).toMatchObject({ applied: ["one"], waiting: [] });
    expect((await ask()).status).toBe(401);
    const { stdout } = await runInProcess(["nodes", "--json", ...at.store]);
    const { epoch, nodes } = JSON.parse(stdout) as { epoch: number; nodes: readonly object[] };
    expect(nodes).toMatchObject([
      { node: "one", appliedEpoch: epoch, state: "live", servesUntil: null, staleMs: 30_000, buses: [] },
    ]);
    running.kill("SIGTERM");
    expect(await running.ended).toBe(0);
    expect((await runInProcess(["nodes", ...at.store])).stdout).toContain("No gate runs.");
  });

  it("shows of a running gate that its Redis is lost, which is ready all the same and says so in its log", async () => {
    const nowhere = "listen: { port: 0 }\nstore: { sqlite: ./gate.db }\nbus: { redis: redis://:s3cret@127.0.0.1:1 }\n";
    const running = startLlmGate(["serve", "--config", at.write("gate.yaml", `${nowhere}audit: { node: two }\n`)]);
    const url = await listeningUrl(running);
    let listed = "";
    while (!listed.includes("redis lost")) listed = (await runInProcess(["nodes", ...at.store])).stdout;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(running.stderr()).toContain("the bus does not answer");
    expect(running.stdout() + running.stderr()).not.toContain("s3cret");
    running.kill("SIGTERM");
    expect(await running.ended).toBe(0);
  });

  it("names a gate that gives no sign of life as long as it may serve what it knew", async () => {
    const connection = openSqlite(at.path("gate.db"));
    const silent = (sinceMs: number, staleMs: number) => {
      connection.prepare("delete from nodes").run();
      const insert = "insert into nodes (node, boot, started_at, seen_at, applied_epoch, stale_ms, buses)";
      const buses = `[{"name":"redis","connected":false}]`;
      const row = `'lost', 'b', 0, ${Date.now() - sinceMs}, 0, ${staleMs}, '${buses}'`;
      connection.prepare(`${insert} values (${row})`).run();
    };
    silent(15_000, 300_000);
    const { id } = await create();
    const listed = await runInProcess(["nodes", ...at.store]);
    expect(listed.stdout).toMatch(/lost .* redis lost +silent, may serve until 20/);
    const said = await runInProcess(["key", "revoke", id, "--wait-limit", "0", ...at.store]);
    expect([said.code, said.stdout]).toEqual([1, ""]);
    expect(said.stderr).toMatch(/The key is revoked, but lost gives no sign of life and may let it in until 20/);
    const told = await runInProcess(["key", "revoke", id, "--wait-limit", "0", "--json", ...at.store]);
    expect(JSON.parse(told.stdout)).toMatchObject({
      ...{ id, status: "revoked", error: { code: "not_applied" } },
      applied: { waiting: [], silent: [{ node: "lost", over: false }] },
    });
    silent(15_000, 1_000);
    const waited = await runInProcess(["key", "revoke", id, "--wait", ...at.store]);
    expect([waited.code, waited.stdout]).toEqual([0, expect.stringMatching(/dead at +no gate runs/)]);
    connection.close();
  });
});
