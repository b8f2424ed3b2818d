import { createHash } from "node:crypto";
import { DIALECTS } from "../support/dialects";
import { check, type Ask, type HeaderPairs } from "../support/http-check";
import { dlp, HOUSE } from "../support/house-policy";
import { json, streamed } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

const POLICY = {
  ...HOUSE,
  dlp: dlp({ request: { EMAIL_ADDRESS: "redact", PRIVATE_KEY: "block" }, response: { CREDIT_CARD: "redact" } }),
};
const KEY_BLOCK = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\n-----END PRIVATE KEY-----";
const AGENT: HeaderPairs = [
  ["User-Agent", "agent/1.0"],
  ["x-request-id", "mine-1"],
  ["X-Forwarded-For", "203.0.113.7"],
];
const SESSIONS = ["x-claude-code-session-id", "session-id", "session_id", "x-session-id"];

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe.each(DIALECTS)("what is on record of a call on $path", (dialect) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({
      policy: POLICY,
      mount(app, { gate, forwarder }) {
        app.set("trust proxy", "loopback").use(gate).use("/v1", forwarder);
      },
    });
  });
  afterAll(() => site.close());

  it.each([
    ["x-api-key", false],
    ["bearer", true],
  ] as const)(
    "says who, with which key, what, by which policy, and what came of it (%s, stream %s)",
    async (form, stream) => {
      const key = await site.key("alice");
      const text = "Mail bob@private.test";
      const answer = stream
        ? streamed(dialect.events("card 4111 1111 1111 1111", " ok"))
        : json(dialect.answer("card 4111 1111 1111 1111 ok"), 200, { "x-request-id": "theirs-1" });
      site.upstream.next(answer);
      const ask: Ask = {
        dialect,
        as: "alice",
        form,
        headers: [...AGENT, ["session-id", "s-1"]],
        text,
        with: { stream, store: false },
      };
      const { records, body } = await check(site, ask, {});
      const forwarded = site.upstream.calls.at(-1)?.body ?? Buffer.alloc(0);
      const epoch = await site.store.epoch();
      const said = {
        ...{ clientRequestId: "mine-1", clientSessionId: "s-1", userAgent: "agent/1.0", source: "203.0.113.7" },
        ...{ method: "POST", path: dialect.path, protocol: dialect.name, operation: dialect.operation },
        ...{
          organization: "acme",
          user: "alice@acme.test",
          keyId: key.slice(5, 15),
          credential: form,
          bothHeaders: false,
        },
        ...{ model: "gpt-4o-mini", upstream: "openai", decision: "allow", stream, epoch, staleAuth: false },
        digestOut: sha256(forwarded),
      };
      const request = { outcome: "redacted", findings: { EMAIL_ADDRESS: 1 } };
      expect(records[0]).toMatchObject({
        ...said,
        kind: "intent",
        dlp: { request, response: null },
        status: null,
        outcome: null,
      });
      expect(records[1]).toMatchObject({
        ...{ ...said, kind: "completion", status: 200, outcome: "ok", reason: null, upstreamStatus: 200 },
        ...{
          inputTokens: stream && dialect.name === "chat" ? null : 3,
          outputTokens: stream && dialect.name === "chat" ? null : 5,
        },
        ...{ bytesOut: body.length, upstreamRequestId: stream ? null : "theirs-1" },
        dlp: { request, response: { outcome: "redacted", findings: { CREDIT_CARD: 1 } } },
      });
      expect(records[0]?.bytesIn).toBeGreaterThan(text.length);
      expect(records[0]?.digestIn).not.toBe(records[0]?.digestOut);
      expect(records[1]?.durationMs).toBeGreaterThanOrEqual(0);
    },
  );

  it("says which rule refused, and that both headers were there", async () => {
    const headers: HeaderPairs = [["x-api-key", await site.key("bob")]];
    const ask: Ask = { dialect, as: "alice", headers, text: KEY_BLOCK };
    const { records } = await check(site, ask, { refused: "dlp_blocked", reason: "dlp" });
    expect(records[0]).toMatchObject({
      ...{ user: "alice@acme.test", bothHeaders: true, rule: "PRIVATE_KEY", status: 400, upstreamStatus: null },
      dlp: { request: { outcome: "blocked", findings: { PRIVATE_KEY: 1 } }, response: null },
    });
  });

  it.each(SESSIONS)("says which session of an agent it was (%s)", async (name) => {
    const { records } = await check(site, { dialect, as: "alice", headers: [[name, `of ${name}`]] }, {});
    expect(records.map(({ clientSessionId }) => clientSessionId)).toEqual([`of ${name}`, `of ${name}`]);
  });
});
