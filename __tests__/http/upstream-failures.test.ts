import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { DIALECTS } from "../support/dialects";
import { check, type Refused } from "../support/http-check";
import { json, type Script } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

const failed = (refused: Refused["refused"], reason: Refused["reason"]): Refused => ({
  refused,
  reason,
  outcome: "upstream_error",
});
const MALFORMED = failed("upstream_unavailable", "upstream_malformed");
const EMPTY = failed("upstream_empty_body", "upstream_empty_body");

let site: Site;
beforeAll(async () => {
  site = await openSite({ upstream: { headersTimeoutMs: 150, idleMs: 150 }, limits: { answerBytes: 64 * 1024 } });
});
afterAll(() => site.close());

const raw =
  (bytes: string): Script =>
  (req) =>
    void req.socket.end(bytes, "latin1");

describe.each(DIALECTS)("an upstream that fails before its answer on $path", (dialect) => {
  describe.each([false, true])("with stream: %p", (stream) => {
    const ask = { dialect, as: "alice", with: { stream } } as const;

    it.each<[string, Script, Refused]>([
      [
        "resets before headers",
        (req) => void req.socket.resetAndDestroy(),
        failed("upstream_unavailable", "upstream_unavailable"),
      ],
      ["closes before headers", (req) => void req.socket.end(), failed("upstream_unavailable", "upstream_unavailable")],
      ["never answers", () => undefined, failed("upstream_timeout", "upstream_timeout")],
      [
        "redirects with 302",
        (_req, res) => void res.writeHead(302, { location: "http://127.0.0.1:1/steal" }).end(),
        MALFORMED,
      ],
      ["redirects with 307", (_req, res) => void res.writeHead(307, { location: "/elsewhere" }).end(), MALFORMED],
      [
        "switches protocols",
        raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
        failed("upstream_unavailable", "upstream_unavailable"),
      ],
      ["says 204", (_req, res) => void res.writeHead(204).end(), EMPTY],
      [
        "says 200 and nothing",
        (_req, res) => void res.writeHead(200, { "content-type": "application/json" }).end(),
        EMPTY,
      ],
      ["streams nothing", (_req, res) => void res.writeHead(200, { "content-type": "text/event-stream" }).end(), EMPTY],
      [
        "J10 codes twice",
        (_req, res) => void res.writeHead(200, { "content-encoding": "gzip,gzip" }).end(gzipSync(gzipSync("{}"))),
        MALFORMED,
      ],
      [
        "J10 sends a bomb",
        (_req, res) =>
          void res
            .writeHead(200, { "content-encoding": "gzip", "content-type": "application/json" })
            .end(gzipSync(Buffer.alloc(32 * 1024 * 1024))),
        MALFORMED,
      ],
      ["answers more than can be held", json({ text: "x".repeat(70_000) }), MALFORMED],
      ["speaks no HTTP", raw("SSH-2.0-OpenSSH\r\n\r\n"), MALFORMED],
    ])("J03: that %s is an error in the dialect, and asked once", async (_what, script, expected) => {
      site.upstream.next(script);
      await check(site, ask, expected);
    });
  });

  it.each([
    [400, { error: { message: "vendor says no", code: "vendor_code" } }, {}],
    [401, { error: { message: "your provider key is bad" } }, { "www-authenticate": "Bearer" }],
    [404, { error: { message: "no such model here" } }, {}],
    [429, { error: { message: "slow down" } }, { "retry-after": "17", "x-ratelimit-remaining": "0" }],
    [500, { error: { message: "vendor broke" } }, {}],
    [529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, { "x-should-retry": "true" }],
  ])("J03: its own %d is forwarded verbatim", async (status, body, headers) => {
    site.upstream.next(json(body, status, headers));
    const received = await check(site, { dialect, as: "alice" }, { status, outcome: "upstream_error" });
    expect(received.text).toBe(JSON.stringify(body));
    expect(received.headers).toMatchObject({ "content-type": "application/json", ...headers });
  });

  it("J03: its own HTML 503 is forwarded verbatim, to a stream as well", async () => {
    for (const stream of [false, true]) {
      site.upstream.next((_req, res) => void res.writeHead(503, { "content-type": "text/html" }).end("<h1>nginx</h1>"));
      const received = await check(
        site,
        { dialect, as: "alice", with: { stream } },
        { status: 503, outcome: "upstream_error" },
      );
      expect([received.text, received.headers["content-type"]]).toEqual(["<h1>nginx</h1>", "text/html"]);
    }
  });

  it("J03: invalid JSON of a 200 comes back as it is, where no policy has to read it", async () => {
    site.upstream.next((_req, res) => void res.writeHead(200, { "content-type": "application/json" }).end("{not json"));
    expect((await check(site, { dialect, as: "alice" }, {})).text).toBe("{not json");
  });
});

describe.each(DIALECTS)("an upstream that is not there for $path", (dialect) => {
  it("J03: refuses the connection: 502", async () => {
    const gone = createServer();
    await once(gone.listen(0, "127.0.0.1"), "listening");
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    await unreachable(`http://127.0.0.1:${port}`);
  });

  it("J03: does not resolve: 502", () => unreachable("http://upstream.invalid"));

  it("J03: fails at TLS: 502", () => unreachable(site.upstream.origin.replace("http:", "https:")));

  async function unreachable(baseUrl: string): Promise<void> {
    const other = await openSite({ upstream: { baseUrl } });
    for (const stream of [false, true]) {
      const ask = { dialect, as: "alice", with: { stream } };
      const { text } = await check(other, ask, {
        ...failed("upstream_unavailable", "upstream_unavailable"),
        upstream: 0,
      });
      expect(text).not.toMatch(/ECONN|ENOTFOUND|EPROTO|127\.0\.0\.1|upstream\.invalid/);
    }
    await other.close();
  }
});
