import { DIALECTS } from "../support/dialects";
import { exchange, rawSocket } from "../support/raw-socket";
import { EXPRESSES, openSite, type Site } from "../support/site";

describe.each(EXPRESSES)("bodies as they arrive on %s", (_name, express) => {
  let site: Site;
  let key = "";
  beforeAll(async () => {
    site = await openSite({ express, limits: { bodyBytes: 2 * 1024 * 1024, bodyIdleMs: 150 } });
    key = await site.key("alice");
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    const valid = JSON.stringify(dialect.ask("Hello"));

    const head = (...lines: readonly string[]) =>
      [
        "POST " + dialect.path + " HTTP/1.1",
        "Host: x",
        `x-api-key: ${key}`,
        "Content-Type: application/json",
        ...lines,
      ].join("\r\n") + "\r\n\r\n";
    const TOO_LARGE = '{"message":"Request body too large. Maximum size is 2 MB."}';

    it("C13: a body that announces too much is 413 unread, and the connection closes", async () => {
      const [answer] = await exchange(site.port, head("Content-Length: 2097153"));
      expect([answer?.status, answer?.body]).toEqual([413, TOO_LARGE]);
      expect(answer?.headers).toMatchObject({
        connection: "close",
        "x-should-retry": "false",
        "cache-control": "no-store",
      });
      expect((await site.trail()).at(-1)).toMatchObject({ kind: "refusal", status: 413, reason: "body_too_large" });
    });

    it("C13: a body that grows too large is 413 at the limit", async () => {
      const raw = await rawSocket(site.port);
      raw.write(head("Transfer-Encoding: chunked"));
      const chunk = `10000\r\n${" ".repeat(65_536)}\r\n`;
      for (let sent = 0; sent < 33; sent += 1) raw.write(chunk);
      const [answer] = await raw.untilClosed();
      expect([answer?.status, answer?.body]).toEqual([413, TOO_LARGE]);
    });

    it("C13: a body that stalls is 408, in the dialect", async () => {
      const [answer] = await exchange(site.port, head("Content-Length: 500"), valid);
      expect(answer?.status).toBe(408);
      expect(JSON.parse(answer?.body ?? "")).toEqual(dialect.envelope("request_timeout", expect.any(String)));
      expect((await site.trail()).at(-1)).toMatchObject({ kind: "refusal", status: 408, reason: "timeout" });
    });

    it("C13: a client that leaves inside its body is on record without a status", async () => {
      const raw = await rawSocket(site.port);
      const agent = `leaver-${dialect.name}`;
      raw.write(head("Content-Length: 500", `User-Agent: ${agent}`) + valid);
      raw.socket.end();
      raw.close();
      const record = await site.recorded(({ userAgent }) => userAgent === agent);
      expect(record).toMatchObject({ kind: "refusal", status: null, user: "alice@acme.test" });
    });

    it("C17: chunk extensions and trailers are ignored", async () => {
      const size = valid.length.toString(16);
      const [answer] = await exchange(
        site.port,
        head("Transfer-Encoding: chunked", "Trailer: Content-Type", "Connection: close"),
        `${size};ext=1;other="x"\r\n${valid}\r\n0\r\nContent-Type: text/plain\r\nAuthorization: Bearer nobody\r\n\r\n`,
      );
      expect(answer?.status).toBe(200);
      expect(site.upstream.calls.at(-1)?.body.toString()).toBe(valid);
      expect(site.upstream.calls.at(-1)?.headers["trailer"]).toBeUndefined();
    });

    it("C17: one byte per chunk is the same body", async () => {
      const chunks = [...Buffer.from(valid)].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`).join("");
      const [answer] = await exchange(
        site.port,
        head("Transfer-Encoding: chunked", "Connection: close"),
        `${chunks}0\r\n\r\n`,
      );
      expect(answer?.status).toBe(200);
      expect(site.upstream.calls.at(-1)?.body.toString()).toBe(valid);
    });
  });
});
