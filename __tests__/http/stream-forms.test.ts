import { DIALECTS } from "../support/dialects";
import { check, type Ask } from "../support/http-check";
import { dlp, HOUSE } from "../support/house-policy";
import type { Script } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

const CARD = "4111 1111 1111 1111";
const POLICY = { ...HOUSE, dlp: dlp({ response: { CREDIT_CARD: "redact" } }) };

/** The whole stream at once, with these fields. */
const sentAs =
  (headers: Readonly<Record<string, string>>, body: string): Script =>
  (_req, res) =>
    void res.writeHead(200, headers).end(body);

describe("streams as providers, caches and proxies really send them", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ policy: POLICY });
    site.keepSecret(CARD);
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    const ask: Ask = { dialect, as: "alice", with: { store: false, stream: true } };
    const stream = dialect.events("card ", "4111 11", "11 1111 ", "1111", " ok").join("");

    it("says no length of a stream, whatever the provider said: the client would wait for what was redacted", async () => {
      const described = { "content-length": String(stream.length), etag: '"1"' };
      site.upstream.next(sentAs({ "content-type": "text/event-stream", ...described }, stream));
      const { text, headers } = await check(site, ask, {});
      expect([headers["content-length"], headers["etag"]]).toEqual([undefined, undefined]);
      expect(text).toContain("[CREDIT_CARD]");
      expect(text).toContain(dialect.cleanEnd);
    });

    it.each([
      ["JSON lines", (json: string) => `${json}\n`],
      ["events without a blank line between them", (json: string) => `data: ${json}\n`],
      ["fields with a space before them", (json: string) => ` data: ${json}\n\n`],
    ])("fails a stream of %s, and nothing of it leaves", async (_form, line) => {
      const lines = [...stream.matchAll(/^data: (.*)$/gm)].map(([, json = ""]) => line(json));
      site.upstream.next(sentAs({ "content-type": "text/event-stream" }, `${lines.join("")}\n`));
      const { text } = await check(site, ask, {
        refused: "upstream_unavailable",
        reason: "upstream_malformed",
        outcome: "upstream_error",
      });
      expect(text).not.toMatch(/4111|1111/);
    });

    it("fails an answer that is nested too deeply to be read, as a fault of the provider's", async () => {
      const deep = `${"[".repeat(20_000)}"${CARD}"${"]".repeat(20_000)}`;
      const failed = { reason: "upstream_malformed", outcome: "upstream_error" } as const;
      site.upstream.next(sentAs({ "content-type": "application/json" }, `{"strange":${deep}}`));
      const { text } = await check(site, { ...ask, with: {} }, { refused: "upstream_unavailable", ...failed });
      site.upstream.next(sentAs({ "content-type": "text/event-stream" }, `data: {"strange":${deep}}\n\n`));
      const streamed = await check(site, ask, { refused: "upstream_unavailable", ...failed });
      expect(text + streamed.text).not.toContain(CARD);
    });

    it.each(["text/plain", "text/html; charset=utf-8", "application/json", null])(
      "reads a stream as one where its type is %s: its clients do",
      async (type) => {
        site.upstream.next(sentAs(type === null ? {} : { "content-type": type }, stream));
        const { text, records } = await check(site, ask, {});
        expect(text).toContain("[CREDIT_CARD]");
        expect(text).not.toMatch(/4111|1111/);
        expect(text).toContain(dialect.cleanEnd);
        expect(records.at(-1)?.dlp?.response).toMatchObject({ outcome: "redacted", findings: { CREDIT_CARD: 1 } });
      },
    );
  });
});
