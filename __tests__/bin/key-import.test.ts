import { createHash } from "node:crypto";
import { place, POLICY } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();
const policy = at.write("policy.yaml", POLICY);
const KEY = "sk-live-c2VjcmV0IGtleSBvZiBhbm90aGVyIHN5c3RlbQ";
const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const importing = (args: readonly string[], input = "") =>
  runInProcess(["key", "import", ...args, ...at.store], { input });

beforeAll(() => runInProcess(["apply", policy, ...at.store]));

describe("llm-gate key import", () => {
  it("tries, imports, and imports again without harm", async () => {
    const file = at.write(
      "keys.csv",
      `user,name,sha256\nalice@acme.test,laptop,${digest("one")}\nann@acme.test,,${digest("two")}\n`,
    );
    expect(await importing([file, "--bits", "256", "--dry-run"])).toMatchObject({
      ...{ code: 0, stdout: "2 would be imported, 0 there already, 0 refused\n" },
    });
    expect((await importing([file, "--bits", "256"])).stdout).toBe("2 imported, 0 there already, 0 refused\n");
    expect((await importing([file, "--bits", "256"])).stdout).toBe("0 imported, 2 there already, 0 refused\n");
    const { stdout } = await runInProcess(["key", "list", "--user", "alice@acme.test", "--json", ...at.store]);
    const listed = JSON.parse(stdout) as { keys: { id: string }[] };
    expect(listed).toMatchObject({ keys: [{ name: "laptop", imported: true, status: "active" }] });
    await runInProcess(["key", "revoke", listed.keys[0]?.id ?? "", ...at.store]);
    const again = "0 imported, 2 there already (1 of them revoked, and they stay so), 0 refused\n";
    expect((await importing([file, "--bits", "256"])).stdout).toBe(again);
  });

  it("names wrong lines, imports the others and ends with 1", async () => {
    const file = at.write(
      "mixed.jsonl",
      `{"user":"alice@acme.test","sha256":"${digest("three")}","bits":64}\n{"user":"rob@acme.test","sha256":"${digest("four")}","bits":160}\n`,
    );
    const { code, stdout, stderr } = await importing([file]);
    expect([code, stdout]).toEqual([1, "1 imported, 0 there already, 1 refused\n"]);
    expect(stderr).toBe(`${file}:1: keys of less than 128 bits are not imported: they can be guessed\n`);
  });

  it("takes keys themselves from standard input, and says and keeps none of them", async () => {
    const text = `user,key\nalice@acme.test,${KEY}\nalice@acme.test,${KEY.slice(0, 12)}\n`;
    const ended = await importing(["-", "--bits", "128", "--json"], text);
    expect(JSON.parse(ended.stdout)).toMatchObject({ imported: 1, refused: 1, problems: [{ line: 3 }] });
    expect(JSON.stringify(ended)).not.toContain(KEY.slice(0, 12));
    const file = at.write("plain.csv", text);
    const refused = await importing([file, "--bits", "128"]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("from standard input only")]);
  });

  it.each([
    [["missing.csv"], "there is no such file"],
    [["."], "it is a folder"],
    [["-", "--bits", "many"], "is not a whole number"],
  ])("is called wrongly as %j", async (args, sentence) => {
    const { code, stderr } = await importing(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });
});
