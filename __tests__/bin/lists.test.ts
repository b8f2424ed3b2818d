import { writeFileSync } from "node:fs";
import { place, POLICY } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();
const policy = at.write("policy.yaml", POLICY);

async function json<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await runInProcess([...args, "--json", ...at.store]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as T;
}

interface Listed {
  readonly keys: readonly { readonly id: string }[];
  readonly users: readonly { readonly email: string; readonly groups: readonly string[] }[];
  readonly groups: readonly { readonly name: string }[];
  readonly next: string | null;
}

beforeAll(async () => {
  await runInProcess(["apply", policy, ...at.store]);
  for (const name of ["one", "two", "three"])
    await runInProcess(["key", "create", "--user", "alice@acme.test", "--name", name, ...at.store]);
});

describe("a list", () => {
  it("of keys comes page by page, each once", async () => {
    const first = await json<Listed>("key", "list", "--limit", "2");
    const second = await json<Listed>("key", "list", "--limit", "2", "--after", first.next ?? "");
    expect([first.keys.length, second.keys.length, second.next]).toEqual([2, 1, null]);
    expect(new Set([...first.keys, ...second.keys].map(({ id }) => id)).size).toBe(3);
    const { stdout } = await runInProcess(["key", "list", "--limit", "2", ...at.store]);
    expect(stdout).toContain(`There are more: --after ${first.next ?? ""}`);
  });

  it("of users and of groups goes on after the last name", async () => {
    const { users, next } = await json<Listed>("user", "list", "--limit", "2");
    expect(users.map(({ email, groups }) => [email, groups])).toEqual([
      ["alice@acme.test", ["engineers"]],
      ["ann@acme.test", ["analysts"]],
    ]);
    expect((await json<Listed>("user", "list", "--after", next ?? "")).users).toMatchObject([
      { email: "rob@acme.test" },
    ]);
    const groups = await json<Listed>("group", "list", "--after", "analysts", "--limit", "1");
    expect([groups.groups.map(({ name }) => name), groups.next]).toEqual([["engineers"], "engineers"]);
    expect((await runInProcess(["group", "list", ...at.store])).stdout).toMatch(/^NAME +API KEYS[^]*readers/);
  });

  it.each([
    [2, ["key", "list", "--limit", "0"], "--limit"],
    [2, ["key", "list", "--pepper", "old"], "is not a version"],
    [1, ["key", "list", "--after", "0000000000"], "There is no key"],
  ])("ends with %s when it is called as %j", async (exit, args, sentence) => {
    const { code, stderr } = await runInProcess([...args, ...at.store]);
    expect([code, stderr]).toEqual([exit, expect.stringContaining(sentence)]);
  });
});

describe("llm-gate key peppers", () => {
  const FIRST = { version: 1, keys: 3, working: 3, given: true, wrong: false };
  const report = () => json<{ readonly peppers: readonly object[] }>("key", "peppers");

  it("counts keys by the version of their pepper, and says which versions are there", async () => {
    expect((await report()).peppers).toEqual([{ ...FIRST, current: true }]);
    writeFileSync(at.path("gate.db.pepper.2"), "a second pepper, which is long enough to be one\n", { mode: 0o600 });
    expect((await report()).peppers).toEqual([{ ...FIRST, current: false }]);
    await runInProcess(["key", "create", "--user", "alice@acme.test", "--name", "four", ...at.store]);
    expect((await report()).peppers).toMatchObject([{ version: 1 }, { version: 2, keys: 1, current: true }]);
    expect((await json<Listed>("key", "list", "--pepper", "2")).keys).toHaveLength(1);
    expect((await runInProcess(["key", "peppers", ...at.store])).stdout).toMatch(/1 +3 +3 +given\n2 +1 +1 +current/);
  });

  it("shows a pepper that is another one than the keys were made with, and nobody makes keys with it", async () => {
    writeFileSync(at.path("gate.db.pepper.2"), "another second pepper, which is long enough, too\n");
    expect((await report()).peppers).toMatchObject([{ wrong: false }, { version: 2, given: true, wrong: true }]);
    const made = await runInProcess(["key", "create", "--user", "alice@acme.test", "--name", "five", ...at.store]);
    expect([made.code, made.stderr]).toEqual([1, expect.stringContaining("The pepper of version 2 is another one")]);
  });
});
