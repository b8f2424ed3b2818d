import { DIALECTS } from "../support/dialects";
import { check } from "../support/http-check";
import { begun, streamed, type Script } from "../support/scripted-upstream";
import { EXPRESSES, openSite, type Site } from "../support/site";

describe.each(EXPRESSES)("failures inside a stream on %s", (_name, express) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ express, upstream: { idleMs: 150 } });
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    const events = dialect.events("Hel", "lo");
    const some = events.slice(0, 2);
    const ask = { dialect, as: "alice", with: { stream: true, store: false } } as const;

    async function ends(script: Script, reason: string): Promise<string> {
      site.upstream.next(script);
      const { text, torn, records } = await check(site, ask, { outcome: "upstream_error" });
      expect(text).toMatch(dialect.streamFailure);
      expect(text.startsWith(some.join(""))).toBe(true);
      expect(dialect.name === "chat" || !text.includes(dialect.cleanEnd)).toBe(true);
      expect([torn, records.at(-1)?.reason, records.at(-1)?.status]).toEqual([false, reason, 200]);
      return text;
    }

    it("J04: a reset is the dialect's error, then its end", () =>
      ends(
        begun(some, (_res, req) => void req.socket.resetAndDestroy()),
        "upstream_unavailable",
      ));

    it("J04: an end without the last event is a failure", () =>
      ends(
        begun(some, (res) => void res.end()),
        "upstream_malformed",
      ));

    it("J04: a stall is a failure when the idle time is over", () =>
      ends(
        begun(some, () => undefined),
        "upstream_timeout",
      ));

    it("J04: half an event at the end is dropped, and the rest is a failure", async () => {
      const text = await ends(
        begun([...some, 'data: {"half'], (res) => void res.end()),
        "upstream_malformed",
      );
      expect(text.split('data: {"half').length - 1).toBeLessThanOrEqual(1);
    });

    it("J04: an upstream's own error event goes out once, and the dialect's end is still owed", async () => {
      const said =
        'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
      site.upstream.next(begun([...some, said], (res) => void res.end()));
      const { text } = await check(site, ask, { outcome: "upstream_error" });
      expect(text.split("event: error")).toHaveLength(2);
      expect(text).toContain(said);
      expect(text.endsWith({ chat: "data: [DONE]\n\n", responses: "\n\n", messages: said }[dialect.name])).toBe(true);
      if (dialect.name === "responses") expect(text).toMatch(/event: response\.failed\n/);
      expect(dialect.name === "chat" || !text.includes(dialect.cleanEnd)).toBe(true);
    });

    it("never an error after a clean end: what follows the last event is dropped", async () => {
      site.upstream.next(
        begun([...events, "event: error\ndata: {}\n\n"], (_res, req) => void req.socket.resetAndDestroy()),
      );
      expect((await check(site, ask, {})).text).toBe(events.join(""));
    });

    it("a clean stream passes byte for byte, comments, CRLF and odd chunks included", async () => {
      const whole = `: hello\n\n${events.join("")}`.replace("\n\n", "\r\n\r\n");
      site.upstream.next((_req, res) => {
        res.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "x-vendor": "1" });
        for (const byte of Buffer.from(whole)) res.write(Buffer.of(byte));
        res.end();
      });
      const { text, headers, records } = await check(site, ask, {});
      expect(text).toBe(whole);
      expect(headers).toMatchObject({ "content-type": "text/event-stream; charset=utf-8", "x-vendor": "1" });
      expect(records.at(-1)).toMatchObject({
        bytesOut: whole.length,
        outputTokens: dialect.name === "chat" ? null : 5,
      });
    });

    it("a failure before the first event is an ordinary error in the dialect", async () => {
      site.upstream.next((req, res) => {
        res.writeHead(200, { "content-type": "text/event-stream" });
        res.flushHeaders();
        setTimeout(() => req.socket.resetAndDestroy(), 20);
      });
      await check(site, ask, {
        refused: "upstream_unavailable",
        reason: "upstream_unavailable",
        outcome: "upstream_error",
      });
    });

    it("an answer that was asked for as a stream and came whole is passed whole", async () => {
      site.upstream.next(
        (_req, res) =>
          void res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(dialect.answer("whole"))),
      );
      expect((await check(site, ask, {})).json).toEqual(dialect.answer("whole"));
    });

    it("and a stream that nobody asked for is still a stream", async () => {
      site.upstream.next(streamed(events));
      expect((await check(site, { ...ask, with: { store: false } }, {})).text).toBe(events.join(""));
    });
  });
});
