import { DIALECTS, type Dialect } from "../support/dialects";
import { check, type Ask } from "../support/http-check";
import { dlp, HOUSE } from "../support/house-policy";
import { begun, json, streamed } from "../support/scripted-upstream";
import { EXPRESSES, openSite, type Site } from "../support/site";

const CARD = "4111 1111 1111 1111";
const POLICY = {
  ...HOUSE,
  dlp: dlp({
    response: { CREDIT_CARD: "redact" },
    custom: [{ name: "CODENAME", literals: ["Blue Heron"], action: "block", on: "response" }],
  }),
} as const;

describe.each(EXPRESSES)("data loss prevention of answers on %s", (_name, express) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ express, policy: POLICY });
    for (const secret of [CARD, "Blue Heron"]) site.keepSecret(secret);
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    const ask: Ask = { dialect, as: "alice", with: { store: false } };
    const asStream: Ask = { ...ask, with: { store: false, stream: true } };

    it("redacts a JSON answer and drops what described the old bytes", async () => {
      const answer = dialect.answer(`your card is ${CARD}.`);
      site.upstream.next(json(answer, 200, { etag: '"1"', "content-length": String(JSON.stringify(answer).length) }));
      const { text, headers, body, records } = await check(site, ask, {});
      expect(text).not.toContain("4111");
      expect(text).toContain("your card is ");
      expect([headers["etag"], headers["content-length"]]).toEqual([undefined, String(body.length)]);
      expect(records.at(-1)?.dlp?.response).toMatchObject({ outcome: "redacted", findings: { CREDIT_CARD: 1 } });
    });

    it("gives a blocked JSON answer the dialect's content-filter ending", async () => {
      site.upstream.next(json(dialect.answer("the plan is Blue Heron")));
      const { json: got, text, records } = await check(site, ask, { outcome: "withheld" });
      expect(got).toMatchObject(dialect.withheld.json);
      expect(text).not.toMatch(/Blue|plan/);
      expect(records.at(-1)?.dlp?.response).toMatchObject({ outcome: "blocked" });
    });

    it("redacts across the deltas of a stream, and ends it cleanly", async () => {
      site.upstream.next(streamed(dialect.events("card ", "4111 11", "11 1111 ", "1111", " ok")));
      const { text } = await check(site, asStream, {});
      expect(text).not.toMatch(/4111|1111/);
      expect(saidIn(dialect, text)).toMatch(/^card .* ok/);
      expect(text).toContain(dialect.cleanEnd);
    });

    it("ends a stream at a blocked finding as the content filter does, and says what had gone out before", async () => {
      site.upstream.next(streamed(dialect.events("the plan is ", "Blue He", "ron")));
      const { text, records } = await check(site, asStream, { outcome: "blocked_midstream" });
      expect(text).toMatch(dialect.withheld.streamed);
      expect(text).not.toMatch(/Blue|Heron/);
      expect(saidIn(dialect, text)).toBe("the plan is ");
      expect(records.at(-1)?.dlp?.response).toMatchObject({ outcome: "blocked", releasedBeforeBlock: 12 });
    });

    it("lets a clean answer pass byte for byte", async () => {
      const answer = JSON.stringify(dialect.answer("nothing here"), null, 2);
      site.upstream.next(
        (_req, res) => void res.writeHead(200, { "content-type": "application/json", etag: '"1"' }).end(answer),
      );
      const { text, headers } = await check(site, ask, {});
      expect([text, headers["etag"]]).toEqual([answer, '"1"']);
      const events = dialect.events("nothing ", "here");
      site.upstream.next(streamed(events));
      expect((await check(site, asStream, {})).text).toBe(events.join(""));
    });

    it("inspects and delivers what came before a stream broke, then says that it failed", async () => {
      site.upstream.next(
        begun(
          dialect.events("card 4111 1111 1111 1111").slice(0, -1),
          (_res, req) => void req.socket.resetAndDestroy(),
        ),
      );
      const { text } = await check(site, asStream, { outcome: "upstream_error" });
      expect(text).not.toContain("4111");
      expect(text).toMatch(dialect.streamFailure);
    });

    it("F10: reads an answer in no dialect as one text", async () => {
      site.upstream.next((_req, res) => void res.writeHead(200, { "content-type": "text/plain" }).end(`card ${CARD}`));
      expect((await check(site, ask, {})).text).not.toContain("4111");
      site.upstream.next((_req, res) => void res.writeHead(200, { "content-type": "text/plain" }).end("Blue Heron"));
      await check(site, ask, { refused: "dlp_blocked", reason: "dlp", outcome: "refused" });
      site.upstream.next(
        (_req, res) =>
          void res.writeHead(200, { "content-type": "application/json" }).end(Buffer.from(`"Blue Heron`, "utf16le")),
      );
      await check(site, ask, { refused: "dlp_blocked", reason: "dlp", outcome: "refused" });
    });
  });
});

it("gives a stream that is blocked under a strict policy the content-filter ending alone", async () => {
  const site = await openSite({ policy: { ...POLICY, dlp: { ...POLICY.dlp, stream: "strict" } } });
  for (const dialect of DIALECTS) {
    site.upstream.next(streamed(dialect.events("the plan is ", "Blue He", "ron")));
    const { text } = await check(
      site,
      { dialect, as: "alice", with: { store: false, stream: true } },
      { outcome: "withheld" },
    );
    expect(text).toMatch(dialect.withheld.streamed);
    expect(text).not.toMatch(/plan|Blue|Heron/);
  }
  await site.close();
});

describe("a detector that fails on an answer", () => {
  it("F14: fails a stream in the dialect, and none of its text leaves", async () => {
    const site = await openSite({
      policy: { ...HOUSE, dlp: dlp({ response: { REMOTE: "redact" } }) },
      dlp: { detectors: [{ name: "remote", entities: ["REMOTE"], detect: () => Promise.reject(new Error("down")) }] },
    });
    for (const dialect of DIALECTS) {
      const { text } = await check(
        site,
        { dialect, as: "alice", with: { stream: true } },
        { outcome: "upstream_error" },
      );
      expect(text).toMatch(dialect.streamFailure);
      expect(saidIn(dialect, text)).toBe("");
    }
    await site.close();
  });

  it("F14: is 503 in the dialect, streamed or not, where nothing leaves before all was read", async () => {
    const site = await openSite({
      policy: { ...HOUSE, dlp: { ...dlp({ response: { REMOTE: "redact" } }), stream: "strict" } },
      dlp: { detectors: [{ name: "remote", entities: ["REMOTE"], detect: () => Promise.reject(new Error("down")) }] },
    });
    for (const dialect of DIALECTS) {
      for (const stream of [false, true]) {
        const { text } = await check(
          site,
          { dialect, as: "alice", with: { stream } },
          { refused: "dlp_unavailable", reason: "dlp_unavailable", outcome: "refused" },
        );
        expect(text).not.toContain("Hel");
      }
    }
    await site.close();
  });

  it("F14: a policy that only reports fails a stream in the dialect once it has begun", async () => {
    const site = await openSite({
      policy: { ...HOUSE, dlp: dlp({ response: { REMOTE: "report" } }) },
      dlp: { detectors: [{ name: "remote", entities: ["REMOTE"], detect: () => Promise.reject(new Error("down")) }] },
    });
    for (const dialect of DIALECTS) {
      const { text } = await check(
        site,
        { dialect, as: "alice", with: { stream: true } },
        { outcome: "upstream_error" },
      );
      expect(text).toMatch(dialect.streamFailure);
    }
    await site.close();
  });
});

/** The words of all deltas, joined. */
function saidIn(dialect: Dialect, text: string): string {
  const said = {
    chat: /"content":"([^"]*)"/g,
    responses: /"delta":"([^"]*)"/g,
    messages: /"text_delta","text":"([^"]*)"/g,
  };
  return [...text.matchAll(said[dialect.name])].map(([, words]) => words).join("");
}
