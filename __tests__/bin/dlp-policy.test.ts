import { place } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();

const file = (group: string, organization: string): string =>
  at.write(
    "policy.yaml",
    `organization: acme
models: [{ id: gpt-4o-mini, provider: openai }]
groups: [{ name: engineers, personalApiKeyAccess: true, models: ["*"], dlp: ${group} }]
users: [{ email: alice@acme.test, groups: [engineers] }]
dlp: ${organization}
`,
  );

const apply = async (group: string, organization: string): Promise<string> =>
  (await runInProcess(["apply", file(group, organization), ...at.store])).stdout;

const CODING =
  "{ preset: coding-agent, request: { EMAIL_ADDRESS: { action: tokenize, minScore: 0.8, context: required } } }";
const OWN =
  "{ request: { US_SSN: block }, custom: [{ name: HERON, phrases: [Blue Heron], action: report }], allow: { values: [a@b.co] } }";

test("apply writes out what takes effect, presets and conditions included, and afterwards only what changes", async () => {
  const first = await apply(CODING, OWN);
  expect(first.split("\n").slice(0, 11)).toEqual([
    "+ organization acme",
    "    dlp.request: block for US_SSN",
    '    dlp.custom: {"phrases":["Blue Heron"],"action":"report","on":"both"} for HERON',
    '    dlp.allow: {"values":["a@b.co"],"phrases":[]}',
    "+ model gpt-4o-mini",
    "+ group engineers",
    "    dlp.request: tokenize for all secret (6)",
    expect.stringMatching(/^ {4}dlp\.request: report for all payment \(5\), .*, PHONE_NUMBER$/) as string,
    "    dlp.request: tokenize from 0.8 in context for EMAIL_ADDRESS",
    expect.stringMatching(/^ {4}dlp\.response: report for all secret \(6\), .*all contact \(2\)/) as string,
    "+ user alice@acme.test",
  ]);
  const second = await apply(CODING.replace("EMAIL_ADDRESS:", "API_KEY: block, EMAIL_ADDRESS:"), OWN);
  expect(second.split("\n").slice(0, 2)).toEqual([
    "~ group engineers",
    "    dlp.request: tokenize -> block for API_KEY",
  ]);
  expect(await apply("null", "{ preset: office }")).toMatch(
    /^~ organization acme\n {4}dlp\.request: block -> redact for US_SSN\n[^]*dlp\.allow: \{"values":\["a@b\.co"\],"phrases":\[\]\} -> -\n/,
  );
});

describe("explain", () => {
  let key: string;
  beforeAll(async () => {
    await apply(CODING, OWN);
    const args = ["key", "create", "--user", "alice@acme.test", "--name", "k", "--json", ...at.store];
    key = (JSON.parse((await runInProcess(args)).stdout) as { id: string }).id;
  });

  const explain = async (content: string, ...more: readonly string[]): Promise<string> => {
    const body = at.write("body.json", JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content }] }));
    const named = ["--key-id", key, "--request", body, "--protocol", "chat"];
    return (await runInProcess(["explain", ...named, ...more, ...at.store])).stdout;
  };

  test("lists the rules in force with whose they are, and what each says of what was found", async () => {
    const said = await explain("mail eve@acme.example about Blue Heron");
    expect(said).toContain(
      "redacted (EMAIL_ADDRESS x 1: tokenize from 0.8 in context by engineers; HERON x 1: report by acme)",
    );
    expect(said).toContain("  acme on requests: block for US_SSN\n");
    expect(said).toContain("  acme on responses: report for HERON\n");
    expect(said).toContain("  engineers on requests: tokenize for all secret (6)\n");
    expect(said).toContain("  engineers on requests: tokenize from 0.8 in context for EMAIL_ADDRESS\n");
    expect(said).not.toContain("eve@");
  });

  test("gives programs every rule on its own, also where a rule refuses", async () => {
    const { decision, rules } = JSON.parse(await explain("ssn 536-22-8765", "--json")) as {
      decision: string;
      rules: readonly object[];
    };
    expect(decision).toBe("deny");
    expect(rules).toContainEqual({
      ...{ direction: "request", name: "EMAIL_ADDRESS", by: "engineers" },
      ...{ action: "tokenize", minScore: 0.8, context: "required" },
    });
    expect(rules).toContainEqual({
      ...{ direction: "response", name: "HERON", by: "acme" },
      ...{ action: "report", minScore: 0, context: "optional" },
    });
  });
});

test("apply says where an allow-list excuses nothing", async () => {
  const idle = "{ request: { EMAIL_ADDRESS: off }, allow: { values: [a@b.co] } }";
  const said = await apply(idle, "{ request: { EMAIL_ADDRESS: redact }, allow: { values: [a@b.co] } }");
  expect(said).toContain(
    "Note: The allow-list of group engineers excuses nothing, since that policy demands nothing itself.",
  );
  expect(said).not.toContain("allow-list of organization");
});

test("the audit trail counts what is allowed, and does not repeat it", async () => {
  const { stdout } = await runInProcess(["audit", "tail", "--limit", "100", "--json", ...at.store]);
  expect(stdout).toContain('"values": 1');
  expect(stdout).not.toContain("a@b.co");
  expect(stdout).not.toContain("Blue Heron");
});
