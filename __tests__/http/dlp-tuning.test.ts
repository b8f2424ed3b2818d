import { builtInDetectors } from "../../adapters/detectors/built-in";
import { compileCustomRule } from "../../adapters/detectors/custom-rules";
import { readPolicyFile } from "../../adapters/policy/read-policy-file";
import type { Direction, DlpPolicy } from "../../lib/dlp/policy";
import { DIALECTS, type Dialect } from "../support/dialects";
import { check } from "../support/http-check";
import { dlp, group, HOUSE } from "../support/house-policy";
import { json, streamed } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

const BARE = "row 536-22-8765 there";
const NAMED = "ssn 536-22-8765 there";
const HELP = "help@acme.example";
const OTHER = "eve@acme.example";
const TOKEN = "ghp_r8Xk2mQ7vZp4LwTn9cYb3Hd6sJf1Ga5Ue0Ko";

/** One rule for both directions. */
const both = (rules: DlpPolicy[Direction]) => ({ request: rules, response: rules });

const engineers = HOUSE.groups[0] ?? group("engineers");
const TUNED = {
  ...HOUSE,
  groups: [
    // Excuses what this group itself demands: the organisation's demand below stands.
    { ...engineers, dlp: dlp({ ...both({ IBAN_CODE: "redact" }), allow: { values: [OTHER], phrases: [] } }) },
    ...HOUSE.groups.slice(1),
  ],
  dlp: dlp({
    ...both({
      US_SSN: { action: "redact", minScore: 0.9 },
      PHONE_NUMBER: { action: "redact", context: "required" },
      EMAIL_ADDRESS: "redact",
    }),
    allow: { values: [HELP], phrases: ["press office: press@acme.example"] },
  }),
} as const;

/** What is said, and what is left of it. */
const SAID: readonly (readonly [what: string, said: string, left: string])[] = [
  ["less sure than the least score", BARE, BARE],
  ["sure enough", NAMED, "ssn [US_SSN] there"],
  ["without the context that is required", "row +1 650 253 0000 there", "row +1 650 253 0000 there"],
  ["with it", "call +1 650 253 0000 there", "call [PHONE_NUMBER] there"],
  ["an allowed value beside another", `${HELP} and ${OTHER} `, `${HELP} and [EMAIL_ADDRESS] `],
  ["inside an allowed phrase", "Press office: press@acme.example ok", "Press office: press@acme.example ok"],
  ["outside of it", "office: press@acme.example ok", "office: [EMAIL_ADDRESS] ok"],
];

/** The same text in deltas of a few characters. */
function deltasOf(text: string): readonly string[] {
  return text.match(/[^]{1,4}/gu) ?? [];
}

/** The text that the deltas of a stream say together. */
function textOf(stream: string): string {
  const deltas = stream
    .split("\n")
    .filter((line) => line.startsWith("data: {") && !/"type":"(?:response\.completed|content_block_start)"/.test(line));
  const said = /"(?:content|text|delta)":("(?:[^"\\]|\\.)*")/g;
  return [...deltas.join("\n").matchAll(said)].map(([, text = '""']) => JSON.parse(text) as string).join("");
}

async function asked(site: Site, dialect: Dialect, text: string): Promise<string> {
  await check(site, { dialect, as: "alice", body: JSON.stringify(dialect.ask(text)) }, {});
  return site.upstream.calls.at(-1)?.body.toString() ?? "";
}

describe("minimum scores, context and allow-lists", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ policy: TUNED });
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    it.each(SAID)("act on a request: %s", async (_, said, left) => {
      expect(await asked(site, dialect, said)).toBe(JSON.stringify(dialect.ask(left)));
    });

    it.each(SAID)("act on an answer: %s", async (_, said, left) => {
      site.upstream.next(json(dialect.answer(said)));
      const { text } = await check(site, { dialect, as: "alice", text: "hi" }, {});
      expect(JSON.parse(text)).toEqual(dialect.answer(left));
    });

    it.each(SAID)("act on a stream: %s", async (_, said, left) => {
      site.upstream.next(streamed(dialect.events(...deltasOf(said))));
      const { text } = await check(site, { dialect, as: "alice", text: "hi", with: { stream: true } }, {});
      expect(textOf(text)).toBe(left);
    });
  });
});

describe("the preset coding-agent", () => {
  const entities = builtInDetectors().flatMap((detector) => detector.entities);
  const file = "organization: acme\ndlp: { preset: coding-agent, request: { IBAN_CODE: block } }";
  const { dlp: policy } = readPolicyFile(file, "policy.yaml", { entities, compileCustomRule });
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ policy: { ...HOUSE, dlp: policy } });
    site.keepSecret(TOKEN);
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    it("sends tokens in place of secrets, and whom the text is about as it is", async () => {
      const sent = await asked(site, dialect, `use ${TOKEN} and mail ${OTHER}`);
      expect(sent).toMatch(/use API_KEY_[0-9a-hjkmnp-tv-z]{10} and mail eve@acme\.example/);
      expect(sent).not.toContain(TOKEN);
    });

    it("puts secrets back in an answer and in a stream", async () => {
      const token = /API_KEY_[0-9a-hjkmnp-tv-z]{10}/.exec(await asked(site, dialect, `use ${TOKEN}`))?.[0] ?? "";
      site.upstream.next(json(dialect.answer(`export K=${token}`)));
      const whole = await check(site, { dialect, as: "alice", text: `use ${TOKEN}` }, {});
      expect(JSON.parse(whole.text)).toEqual(dialect.answer(`export K=${TOKEN}`));
      site.upstream.next(streamed(dialect.events(...deltasOf(`export K=${token} now`))));
      const request = { dialect, as: "alice", text: `use ${TOKEN}`, with: { stream: true } } as const;
      expect(textOf((await check(site, request, {})).text)).toBe(`export K=${TOKEN} now`);
    });

    it("gives way to what the policy says of an entity itself", () =>
      check(
        site,
        { dialect, as: "alice", text: "iban DE89370400440532013000" },
        { refused: "dlp_blocked", reason: "dlp" },
      ));
  });
});

it("a rule of the house that outruns its time refuses the call, and nothing goes upstream", async () => {
  const site = await openSite({
    policy: { ...HOUSE, dlp: dlp({ custom: [{ name: "SLOW", regex: "a(.*b)?", action: "report", on: "request" }] }) },
    dlp: { budgetMs: 50 },
  });
  for (const dialect of DIALECTS) {
    const refused = { refused: "dlp_unavailable", reason: "dlp_unavailable" } as const;
    await check(site, { dialect, as: "alice", text: "a".repeat(1_000_000) }, refused);
  }
  expect(site.upstream.calls).toEqual([]);
  await site.close();
});
