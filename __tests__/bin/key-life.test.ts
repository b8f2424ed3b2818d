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
    expect(nodes).toMatchObject([{ node: "one", appliedEpoch: epoch }]);
    running.kill("SIGTERM");
    expect(await running.ended).toBe(0);
    expect((await runInProcess(["nodes", ...at.store])).stdout).toContain("No gate runs.");
  });
});
