import fc from "fast-check";
import { inspect as print } from "node:util";
import { createTokenVault, type TokenVault } from "../../../lib/dlp/tokens";
import { createPeppers, scopedDigest } from "../../../lib/keys/pepper";
import type { AnswerSpan } from "../../../lib/ports/protocol";
import { CARD, delivered, engineOf, living, policyOf, ruleOf, spanOf } from "../../support/dlp";

const peppers = createPeppers({ current: 1, versions: { 1: "p".repeat(32) } });
const vaultOf = (user = "alice", organization = "acme"): TokenVault =>
  createTokenVault(scopedDigest(peppers, ["dlp tokens", organization, user]));
const MAIL = "alice@example.com";
const TOKEN = vaultOf().request.tokenFor("EMAIL_ADDRESS", MAIL);

const engine = engineOf();
const TOKENIZE = policyOf({
  request: { EMAIL_ADDRESS: "tokenize", CREDIT_CARD: "tokenize" },
  custom: [ruleOf({ name: "client names", phrases: ["Blue Heron"], action: "tokenize", on: "request" })],
});

async function asked(vault: TokenVault, ...spans: readonly AnswerSpan[]) {
  const policy = engine.policyFor("request", [TOKENIZE]);
  const inspection = await engine.inspect(spans, [], policy, living(), vault.request);
  return { ...inspection, texts: delivered(spans, inspection.edits) };
}

async function answered(vault: TokenVault, spans: readonly AnswerSpan[], response = {}) {
  const policy = engine.policyFor("response", [policyOf({ response })]);
  const inspection = await engine.inspect(spans, [], policy, living(), vault.answer);
  return { ...inspection, texts: delivered(spans, inspection.edits) };
}

describe("a token", () => {
  test("is made of letters, digits and underscores: the entity, and ten digits of Crockford's alphabet", () => {
    expect(TOKEN).toMatch(/^EMAIL_ADDRESS_[0-9a-hjkmnp-tv-z]{10}$/);
    expect(vaultOf().request.tokenFor("client names", "Blue Heron")).toMatch(/^CLIENT_NAMES_[0-9a-z]{10}$/);
    expect(vaultOf().request.tokenFor("Клиент", "Blue Heron")).toMatch(/^VALUE_[0-9a-z]{10}$/);
  });

  test("is the same for one user in every call, and another for every other user, organization, entity and value", () => {
    const { request } = vaultOf();
    expect(request.tokenFor("EMAIL_ADDRESS", MAIL)).toBe(TOKEN);
    const others = [
      vaultOf("bob").request.tokenFor("EMAIL_ADDRESS", MAIL),
      vaultOf("alice", "other").request.tokenFor("EMAIL_ADDRESS", MAIL),
      request.tokenFor("EMAIL_ADDRESS", "bob@example.com"),
      request.tokenFor("OTHER", MAIL),
    ].map((token) => token.slice(-10));
    expect(new Set([TOKEN.slice(-10), ...others]).size).toBe(5);
  });

  test("is shared by two ways to write a value across calls, and tells them apart within one", () => {
    const { request, answer } = vaultOf();
    const plain = request.tokenFor("CREDIT_CARD", CARD);
    const hidden = `4111\u200b${CARD.slice(4)}`;
    expect(vaultOf().request.tokenFor("CREDIT_CARD", hidden)).toBe(plain);
    const second = request.tokenFor("CREDIT_CARD", hidden);
    expect(second).not.toBe(plain);
    expect(answer.findIn(`${plain} ${second}`).map(({ value }) => value)).toEqual([CARD, hidden]);
  });

  test("shows nobody what it stands for", () => {
    const vault = vaultOf();
    vault.request.tokenFor("EMAIL_ADDRESS", MAIL);
    expect(vault.size()).toBe(1);
    expect(print(vault, { depth: null, showHidden: true }) + JSON.stringify(vault)).not.toContain("alice");
  });
});

describe("a request", () => {
  test("has its values replaced, in JSON arguments too, and says so", async () => {
    const vault = vaultOf();
    const json = spanOf(`{"to":"${MAIL}","card":${CARD}}`, { json: true });
    const { texts, report } = await asked(vault, spanOf(`mail ${MAIL} for Blue Heron`), json);
    expect(texts[0]).toMatch(new RegExp(`^mail ${TOKEN} for CLIENT_NAMES_\\w{10}$`));
    expect(JSON.parse(texts[1] ?? "")).toEqual({
      to: TOKEN,
      card: expect.stringMatching(/^CREDIT_CARD_\w{10}$/) as string,
    });
    expect(report).toMatchObject({ outcome: "tokenized", findings: { EMAIL_ADDRESS: 2 } });
    expect(JSON.stringify(report)).not.toContain("alice");
  });

  test("that is redacted as well counts as redacted", async () => {
    const policy = engine.policyFor("request", [
      policyOf({ request: { EMAIL_ADDRESS: "tokenize", CREDIT_CARD: "redact" } }),
    ]);
    const { report } = await engine.inspect([spanOf(`${MAIL} ${CARD}`)], [], policy, living(), vaultOf().request);
    expect(report.outcome).toBe("redacted");
  });

  test("keeps a value in place that may not be rewritten, and makes no token of it", async () => {
    const vault = vaultOf();
    const { texts, report } = await asked(vault, spanOf(MAIL, { rewritable: false }));
    expect([texts[0], report.notRewritten, vault.size()]).toEqual([MAIL, 1, 0]);
  });
});

describe("an answer", () => {
  test("has the values put back, however it is cut, and is not searched for what its caller said", async () => {
    const vault = vaultOf();
    await asked(vault, spanOf(MAIL));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(60), { maxLength: 6 }), async (cuts) => {
        const text = `to ${TOKEN}, or (${TOKEN}) and ${TOKEN}x`;
        const places = [0, ...cuts.map((cut) => cut % text.length).sort((one, other) => one - other), text.length];
        const spans = places.slice(1).map((end, at) => spanOf(text.slice(places[at], end), { channel: "c" }));
        const { texts, report } = await answered(vault, spans, { EMAIL_ADDRESS: "redact" });
        expect(texts.join("")).toBe(`to ${MAIL}, or (${MAIL}) and ${MAIL}x`);
        expect(report).toMatchObject({ outcome: "clean", findings: {} });
      }),
    );
  });

  test("has them put back in JSON as JSON", async () => {
    const vault = vaultOf();
    const value = 'a"b\\c\n😀';
    const token = vault.request.tokenFor("SECRET", value);
    const { texts } = await answered(vault, [spanOf(`{"${token}":["x ${token}"],"n":1e3}`, { json: true })]);
    expect(JSON.parse(texts[0] ?? "")).toEqual({ [value]: [`x ${value}`], n: 1000 });
    expect(texts[0]?.endsWith(',"n":1e3}')).toBe(true);
  });

  test("keeps tokens that this request did not make, and those in places that may not change", async () => {
    const vault = vaultOf("bob");
    await asked(vault, spanOf("bob@example.com"));
    const own = vault.request.tokenFor("EMAIL_ADDRESS", "bob@example.com");
    const spans = [spanOf(`${TOKEN} EMAIL_ADDRESS_0000000000`), spanOf(own, { rewritable: false })];
    expect((await answered(vault, spans)).edits).toEqual([]);
  });

  test("has a finding replaced with the token that is inside it", async () => {
    const vault = vaultOf();
    await asked(vault, spanOf(MAIL));
    const policy = engine.policyFor("response", [
      policyOf({ custom: [ruleOf({ name: "LINK", regex: "https://[a-zA-Z0-9_/=?]+" })] }),
    ]);
    const spans = [spanOf(`see https://x/?m=${TOKEN} ${TOKEN}`)];
    const { edits } = await engine.inspect(spans, [], policy, living(), vault.answer);
    expect(edits).toEqual([{ index: 0, text: `see [LINK] ${MAIL}` }]);
  });

  test("of its own findings makes tokens that stay tokens", async () => {
    const vault = vaultOf();
    const { texts, report } = await answered(vault, [spanOf(MAIL)], { EMAIL_ADDRESS: "tokenize" });
    expect([texts[0], report.outcome, vault.size()]).toEqual([TOKEN, "tokenized", 0]);
  });
});

test("the end of a text is open where a token may have begun", () => {
  const vault = vaultOf();
  vault.request.tokenFor("EMAIL_ADDRESS", MAIL);
  const open = (text: string): number => vault.answer.openAt(text);
  for (let length = 1; length < TOKEN.length; length += 1) expect(open(`to ${TOKEN.slice(0, length)}`)).toBe(3);
  expect([open(`to ${TOKEN}`), open("to EMAIL_ADDRESSES"), open("to "), open("")]).toEqual([
    3 + TOKEN.length,
    18,
    3,
    0,
  ]);
});
