import { gzipSync } from "node:zlib";
import { DIALECTS } from "../support/dialects";
import { check, type Ask } from "../support/http-check";
import { dlp, HOUSE } from "../support/house-policy";
import { openSite, type Site } from "../support/site";

const CARD = "4111 1111 1111 1111";
const SSN = "536-90-4399";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const percent = (text: string): string => text.replace(/[^A-Za-z]/g, (one) => `%${Buffer.from(one).toString("hex")}`);

let site: Site;
beforeAll(async () => {
  const rule = { action: "redact", on: "both" } as const;
  site = await openSite({
    policy: {
      ...HOUSE,
      dlp: dlp({
        request: { CREDIT_CARD: "redact", US_SSN: "redact", PRIVATE_KEY: "block", EMAIL_ADDRESS: "tokenize" },
        response: { CREDIT_CARD: "redact" },
        custom: [
          { name: "QUOTED", regex: 'code "[A-Z]+\\\\[0-9]+"\\s+end', ...rule },
          { name: "GREEDY", regex: "PRJ-[0-9]+", ...rule },
          { name: "GREEDY_TOO", regex: "J-[0-9]+ x", ...rule },
          { name: "REDACTED", regex: "\\[?GREEDY", ...rule },
        ],
      }),
    },
  });
  for (const secret of [CARD, CARD.replaceAll(" ", ""), SSN]) site.keepSecret(secret);
});
afterAll(() => site.close());

const F05 = [".", "\u00a0", "–", "\n", "/", "-", "\u2009", "\u200b "].map(
  (separator) => [JSON.stringify(separator), CARD.replaceAll(" ", separator)] as const,
);
const F07: readonly (readonly [string, string])[] = [
  ["base64", base64(`card ${CARD}`)],
  ["base64url without padding", Buffer.from(`card ${CARD} ok`).toString("base64url")],
  ["hexadecimal digits", Buffer.from(CARD).toString("hex")],
  ["URL-encoding", percent(CARD)],
  ["HTML entities", CARD.replaceAll(" ", "&nbsp;").replaceAll("4", "&#52;")],
  ["base64 twice", base64(base64(`card ${CARD}`))],
  ["URL-encoding twice", percent(percent(CARD))],
  ["URL-encoded base64", percent(base64(`card ${CARD}`))],
  ["gzip in base64", gzipSync(`card ${CARD}`).toString("base64")],
  ["a code block", `\`\`\`\n${base64(`card ${CARD}`)}\n\`\`\``],
];

describe.each(DIALECTS)("$path", (dialect) => {
  const sent = (): string => site.upstream.calls.at(-1)?.body.toString() ?? "";

  /** What is left of a text at the provider. */
  async function arrives(text: string, body?: string): Promise<string> {
    const ask: Ask = { dialect, as: "alice", body: body ?? dialect.ask(`<${text}>`) };
    await check(site, ask, {});
    const said = /"(?:content|input)":\s*"((?:[^"\\]|\\.)*)"/.exec(sent())?.[1] ?? "";
    return JSON.parse(`"${said}"`) as string;
  }

  it("F02: JSON escapes hide nothing, and only the text's own literal changes", async () => {
    const escaped = [...CARD].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
    const body = JSON.stringify(dialect.ask("<HERE>", { user: "a/b" })).replace("HERE", `\\/${escaped}`);
    expect(await arrives("", body)).toBe("</[CREDIT_CARD]>");
    expect(sent()).toContain(JSON.stringify({ user: "a/b" }).slice(1, -1));
  });

  it.each(F05)("F05: a card is one with %s between its digits", async (_, card) => {
    expect(await arrives(`card ${card} `)).toBe("<card [CREDIT_CARD] >");
  });

  it("F05: a card is one with one separator here and another there, and so is a social security number", async () => {
    expect(await arrives("card 4111-1111 1111.1111 ")).toBe("<card [CREDIT_CARD] >");
    for (const separator of ["-", " ", "–", "\u00a0"])
      expect(await arrives(`ssn ${SSN.replaceAll("-", separator)} `)).toBe("<ssn [US_SSN] >");
  });

  it.each(F07)("F07: nothing of a card leaves as %s", async (_, encoded) => {
    const text = await arrives(encoded);
    expect(text).toContain("[CREDIT_CARD]");
    expect(text).not.toContain(encoded);
  });

  it("F07: what is blocked is blocked when it is encoded", async () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----";
    for (const text of [base64(key), percent(key), gzipSync(key).toString("base64")])
      await check(site, { dialect, as: "alice", text }, { refused: "dlp_blocked", reason: "dlp" });
  });

  it("F11: a match of quotation marks, backslashes and line ends leaves JSON that reads", async () => {
    expect(await arrives('code "ABC\\12"\n end\ttoo')).toBe("<[QUOTED]\ttoo>");
  });

  it("F11: rules that overlap take it all, and what they put in its place is nobody's match", async () => {
    expect(await arrives("PRJ-77 x GREEDY")).toMatch(/^<\[GREEDY(?:_TOO)?\] \[REDACTED\]>$/);
  });

  it("F16: a placeholder that a caller or a model makes up is text", async () => {
    const forged = "EMAIL_ADDRESS_0123456789";
    const { text } = await check(site, { dialect, as: "alice", text: `${forged} and alice@example.com` }, {});
    expect(sent()).toMatch(/EMAIL_ADDRESS_0123456789 and EMAIL_ADDRESS_[0-9a-hjkmnp-tv-z]{10}/);
    expect(text).not.toContain("alice@example.com");
    site.upstream.next((_req, res) => {
      res.writeHead(200, { "content-type": "application/json" });
      res.end(JSON.stringify(dialect.answer(`say ${forged} and [CREDIT_CARD]`)));
    });
    const answered = await check(site, { dialect, as: "alice", text: "say alice@example.com" }, {});
    expect(answered.text).toContain(`say ${forged} and [CREDIT_CARD]`);
  });

  it("F17: what only looks alike passes, byte for byte", async () => {
    const text = [
      "order 4111 1111 1111 1112, version 10.2.3.4-rc.1, part 078-00-1120",
      "123e4567-e89b-42d3-a456-426614174000 and e3b0c44298fc1c149afbf4c8996fb92427ae41e4",
      "2024-11-23T06:12:28.123Z at 1732342348123, 100% of &amp; and %20 in https://example.com/a%20b?x=%2F",
      base64("nothing of interest, said twice over"),
    ].join("\n");
    const body = JSON.stringify(dialect.ask(text));
    await check(site, { dialect, as: "alice", body }, {});
    expect(sent()).toBe(body);
  });
});
