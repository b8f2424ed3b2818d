import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteTrailSource } from "../../adapters/audit/sqlite/trail-source";
import { sqliteStore } from "../../adapters/stores/sqlite";
import { createAdmin, type RecordWithText } from "../../lib/admin";
import type { AuditRecord } from "../../lib/audit/record";
import { verifyTrail } from "../../lib/audit/verify-trail";
import type { Store } from "../../lib/ports/store";
import { DIALECTS } from "../support/dialects";
import { check, requestOf, type Ask } from "../support/http-check";
import { dlp, HOUSE, user } from "../support/house-policy";
import { send } from "../support/http-client";
import { json, streamed } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

const CARD = "4111 1111 1111 1111";
const EMAIL = "carol@private.test";
const PLAN = "Blue Heron";
const CODENAME = { name: "CODENAME", literals: [PLAN], action: "block", on: "both" } as const;
const FRESH = DIALECTS.map(({ name }) => user(`fresh-${name}`, ["engineers"]));
const POLICY = {
  ...HOUSE,
  users: [...HOUSE.users, ...FRESH],
  dlp: dlp({
    request: { EMAIL_ADDRESS: "tokenize", CREDIT_CARD: "redact" },
    response: { CREDIT_CARD: "redact" },
    custom: [CODENAME],
  }),
} as const;

const folder = mkdtempSync(join(tmpdir(), "llm-gate-text-"));
const database = join(folder, "gate.db");
const contentKey = join(folder, "content.key");
const masterKey = randomBytes(32).toString("base64");
writeFileSync(contentKey, `${masterKey}\n`);

/** The gate's own store, with a switch that makes its keys of text unreachable. */
const down = { keys: false };
function storeWithSwitch(): Store {
  const store = sqliteStore(database);
  const keys = store.contentKeys;
  if (keys === undefined) throw new Error("The store keeps no keys of text.");
  const current: typeof keys.current = (organization, user) =>
    down.keys ? Promise.reject(new Error("the keys are out of reach")) : keys.current(organization, user);
  return Object.freeze({ ...store, contentKeys: Object.freeze({ ...keys, current }) });
}

describe("text that the audit trail keeps", () => {
  let site: Site;
  let store: Store;
  beforeAll(async () => {
    store = storeWithSwitch();
    site = await openSite({
      store,
      policy: POLICY,
      audit: { content: "redacted", contentKey, contentBytes: 2_000 },
    });
  });
  afterAll(async () => {
    await site.close();
    rmSync(folder, { recursive: true });
  });

  async function textsOf(records: readonly AuditRecord[]): Promise<readonly RecordWithText[]> {
    const requestId = records[0]?.requestId ?? "";
    const page = await managing().audit.readTexts({ requestId });
    return page.records.toReversed();
  }

  const managing = () =>
    createAdmin({
      ...{ store, contentKey: masterKey, actingAs: "a test", random: (size: number) => randomBytes(size) },
      clock: { now: () => Date.now(), monotonic: () => performance.now() },
      audit: store.auditLog({ node: "reader", boot: "reader" }),
    });

  const saidIn = ({ text }: RecordWithText): readonly string[] =>
    text?.status === "readable" ? text.texts.map((part) => part.text) : [text?.status ?? "none"];

  describe.each(DIALECTS)("on $path", (dialect) => {
    const ask: Ask = { dialect, as: "alice", with: { store: false } };

    it("is what went upstream and what the client got, a token in place of what was tokenized", async () => {
      let token = "";
      site.upstream.next((req, res, seen) => {
        token = tokenIn(seen.body);
        json(dialect.answer(`I wrote to ${token}.`))(req, res, seen);
      });
      const { records, text } = await check(site, { ...ask, text: `Write to ${EMAIL} about ${CARD}.` }, {});
      expect(text).toContain(EMAIL);
      const [intent, completion] = await textsOf(records);
      expect(saidIn(intent as RecordWithText).join()).toMatch(
        /^Write to EMAIL_ADDRESS_[0-9a-z]+ about \[CREDIT_CARD\]\.$/,
      );
      expect(saidIn(completion as RecordWithText)).toEqual([`I wrote to ${token}.`]);
      expect(records.map(({ content }) => content?.direction)).toEqual(["request", "response"]);
    });

    it("of a stream has tokens, too, where the client got values, however it is cut", async () => {
      let token = "";
      site.upstream.next((req, res, seen) => {
        token = tokenIn(seen.body);
        const pieces = `${"so ".repeat(100)}${token}, ${token}`.match(/[^]{1,7}/g) ?? [];
        streamed(dialect.events(...pieces, "x".repeat(3_000), ` ${token}`))(req, res, seen);
      });
      const asked = { ...ask, with: { store: false, stream: true }, text: `Write to ${EMAIL}` };
      const { records } = await check(site, asked, {});
      const [, completion] = await textsOf(records);
      const said = saidIn(completion as RecordWithText).join();
      expect([said.includes(`so ${token}, ${token}x`), /carol/.test(said)]).toEqual([true, false]);
    });

    it("of a stream is the text that was delivered, joined, and once", async () => {
      site.upstream.next(streamed(dialect.events("card ", "4111 11", "11 1111 ", "1111", " ok")));
      const { records } = await check(site, { ...ask, with: { store: false, stream: true }, text: "hello" }, {});
      const [intent, completion] = await textsOf(records);
      expect(saidIn(intent as RecordWithText)).toEqual(["hello"]);
      expect(saidIn(completion as RecordWithText)).toEqual(["card [CREDIT_CARD] ok"]);
    });

    it("of a stream that a rule stopped ends where delivery did", async () => {
      site.upstream.next(streamed(dialect.events("the plan is ", "Blue He", "ron")));
      const { records } = await check(
        site,
        { ...ask, with: { store: false, stream: true } },
        { outcome: "blocked_midstream" },
      );
      const [said, ...more] = saidIn((await textsOf(records))[1] as RecordWithText);
      expect([said, more.join().replace("content_filter", "")]).toEqual(["the plan is ", ""]);
    });

    it("of a call that was blocked has a placeholder for everything that was found", async () => {
      const text = `${PLAN} is known to ${EMAIL}, card ${CARD}`;
      const { records } = await check(site, { ...ask, text }, { refused: "dlp_blocked", reason: "dlp" });
      expect(await textsOf(records)).toMatchObject([
        {
          record: { kind: "refusal" },
          text: { texts: [{ text: "[CODENAME] is known to [EMAIL_ADDRESS], card [CREDIT_CARD]" }] },
        },
      ]);
    });

    it("is none where nothing was inspected: of calls refused before, and of an upstream's own error", async () => {
      const early = await check(
        site,
        { ...ask, with: { model: "nope" } },
        { refused: "model_not_found", reason: "model_unknown" },
      );
      site.upstream.next(json({ error: { message: `no ${CARD}` } }, 429));
      const late = await check(site, { ...ask, text: "fine" }, { status: 429, outcome: "upstream_error" });
      expect((await textsOf(early.records)).map(({ text }) => text)).toEqual([null]);
      expect((await textsOf(late.records)).map(saidIn)).toEqual([["fine"], ["none"]]);
    });

    it("is cut to its room, and says so", async () => {
      const { records } = await check(site, { ...ask, text: "long ".repeat(2_000) }, {});
      const [intent] = await textsOf(records);
      expect(records[0]?.content?.cut).toBe(true);
      expect(intent?.text).toMatchObject({ texts: [{ length: 10_000 }] });
      expect(saidIn(intent as RecordWithText).join("").length).toBeLessThanOrEqual(2_000);
    });

    it("cannot be encrypted: the call gets 503 and no provider sees it", async () => {
      const as = `fresh-${dialect.name}`;
      const request = await requestOf(site, { ...ask, as });
      const calls = site.upstream.calls.length;
      down.keys = true;
      const { status, text } = await send(site.port, request).finally(() => (down.keys = false));
      expect([status, JSON.parse(text)]).toEqual([503, dialect.envelope("audit_unavailable", expect.any(String))]);
      expect(site.upstream.calls.length).toBe(calls);
      await check(site, { ...ask, as }, {});
    });
  });

  it("is nowhere in the clear on disk", async () => {
    const clear = [CARD, EMAIL, "is known to", "I wrote to", "the plan is", "long long", masterKey];
    const files = readdirSync(folder).filter((name) => name !== "content.key");
    expect(files).toEqual(expect.arrayContaining(["gate.db", "gate.db-wal"]));
    for (const file of files) {
      const bytes = readFileSync(join(folder, file));
      expect([file, clear.filter((text) => bytes.includes(text))]).toEqual([file, []]);
    }
  });

  it("can be read by nobody once its user's key is erased, while the chain stays whole and others' text readable", async () => {
    const [dialect] = DIALECTS;
    if (dialect === undefined) throw new Error("There is no dialect.");
    const others = await check(site, { dialect, as: "bob", text: "of bob" }, {});
    const before = await check(site, { dialect, as: "alice", text: "of alice" }, {});
    expect(await managing().audit.eraseTexts("alice@acme.test")).toBe(1);
    expect((await textsOf(before.records)).map(saidIn)).toEqual([["erased"], ["erased"]]);
    expect((await textsOf(others.records)).map(saidIn)[0]).toEqual(["of bob"]);
    const source = sqliteTrailSource(database);
    expect(await verifyTrail(source, { keys: new Map() })).toMatchObject({ status: "clean", firstBad: null });
    await source.close();
    const { records } = await managing().audit.search({ kind: "admin" });
    expect(records.filter(({ operation }) => operation === "text.erase")).toMatchObject([
      { organization: "acme", change: { subject: "user:alice@acme.test", after: "erased" }, detail: "a test" },
    ]);
    expect(records.find(({ operation }) => operation === "text.read")).toMatchObject({ detail: "a test" });
  });
});

function tokenIn(body: Buffer): string {
  return /EMAIL_ADDRESS_[0-9a-z]+/.exec(body.toString())?.[0] ?? "no token";
}
