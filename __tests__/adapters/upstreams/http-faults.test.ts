import type net from "node:net";
import { inspect } from "node:util";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import {
  clearedCall,
  closeAll,
  denialOf,
  PROVIDER_KEY,
  provider,
  rawProvider,
  readAll,
  unaborted,
  upstreamOf,
} from "./http/scripted";
import type { HttpUpstreamOptions } from "../../../adapters/upstreams/http";

afterEach(closeAll);

/** Forwards one call and reads the whole answer; the Denial that comes of it, and where. */
async function failure(baseUrl: string, options: Partial<HttpUpstreamOptions> = {}) {
  const upstream = upstreamOf(baseUrl, options);
  let at: "head" | "body" = "head";
  const denial = await denialOf(
    upstream.forward(clearedCall(), unaborted()).then((answer) => {
      at = "body";
      return readAll(answer.body);
    }),
  );
  const everything = inspect(denial, { depth: Infinity, showHidden: true });
  expect(everything).not.toContain(PROVIDER_KEY);
  expect(everything).not.toContain("nonsense");
  return { at, code: denial.code, reason: denial.reason, detail: denial.detail };
}

const answering = async (text: string, options?: Partial<HttpUpstreamOptions>) =>
  failure((await rawProvider(text)).origin, options);

const UNAVAILABLE = { code: "upstream_unavailable", reason: "upstream_unavailable" };
const MALFORMED = { code: "upstream_unavailable", reason: "upstream_malformed" };
const TIMEOUT = { code: "upstream_timeout", reason: "upstream_timeout" };
const EMPTY = { code: "upstream_empty_body", reason: "upstream_empty_body" };

describe("httpUpstream: a provider that does not answer", () => {
  it("is unavailable when it refuses the connection", async () => {
    const { origin, close } = await rawProvider("");
    await close();
    expect(await failure(origin)).toMatchObject({ at: "head", ...UNAVAILABLE, detail: "ECONNREFUSED" });
  });

  it("is unavailable when its name does not resolve", async () => {
    expect(await failure("http://provider.invalid")).toMatchObject({ at: "head", ...UNAVAILABLE });
  });

  it("is unavailable when TLS fails", async () => {
    const { origin } = await rawProvider("HTTP/1.1 400 Bad Request\r\n\r\n");
    expect(await failure(origin.replace("http:", "https:"))).toMatchObject({ at: "head", ...UNAVAILABLE });
  });

  it("is unavailable when it resets before the head", async () => {
    const { origin } = await rawProvider((socket) => void socket.resetAndDestroy());
    expect(await failure(origin)).toMatchObject({ at: "head", ...UNAVAILABLE });
  });

  it("is unavailable when it closes before the head", async () => {
    expect(await answering("")).toMatchObject({ at: "head", ...UNAVAILABLE });
  });

  it("is called once: nothing is retried", async () => {
    let requests = 0;
    const { origin } = await rawProvider((socket) => {
      requests += 1;
      socket.resetAndDestroy();
    });
    await failure(origin);
    expect(requests).toBe(1);
  });

  it("times out when the head does not come", async () => {
    const { origin } = await rawProvider(() => undefined);
    expect(await failure(origin, { headersTimeoutMs: 100 })).toMatchObject({ at: "head", ...TIMEOUT });
  });

  it("is unavailable after close()", async () => {
    const { origin } = await provider((_req, res) => res.end("{}"));
    const upstream = upstreamOf(origin);
    await upstream.close?.();
    expect(await denialOf(upstream.forward(clearedCall(), unaborted()))).toMatchObject(UNAVAILABLE);
  });
});

describe("httpUpstream: an answer that cannot be passed on", () => {
  it.each([300, 301, 302, 303, 304, 307, 308])(
    "is malformed with status %d, and the redirect is not followed",
    async (status) => {
      const visited: (string | undefined)[] = [];
      const { origin } = await provider((req, res) => {
        visited.push(req.url);
        res.writeHead(status, { location: "/elsewhere?secret=1" }).end();
      });
      expect(await failure(origin)).toEqual({ at: "head", ...MALFORMED, detail: `status ${status}` });
      expect(visited).toEqual(["/v1/chat/completions"]);
    },
  );

  it.each([
    ["101 with an upgrade", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"],
    ["101 without one", "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
    ["no HTTP", "SSH-2.0-OpenSSH_9.7\r\n"],
    ["two content lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
    [
      "a length beside chunks",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ],
    ["a coded transfer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"],
    ["a head without end", `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(10_000)}`],
  ])("is denied at its head: %s", async (_name, text) => {
    expect(await answering(text, { headersTimeoutMs: 5_000 })).toMatchObject({
      at: "head",
      code: "upstream_unavailable",
    });
  });

  it.each([
    ["HTTP/1.1 204 No Content\r\n\r\n", "head"],
    ["HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", "head"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "head"],
    ["HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "head"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "body"],
    ["HTTP/1.1 200 OK\r\n\r\n", "body"],
  ])("is empty: %j, seen at the %s", async (text, at) => {
    expect(await answering(text)).toMatchObject({ at, ...EMPTY });
  });
});

describe("httpUpstream: an answer that breaks off", () => {
  it("is unavailable when the provider resets in the body", async () => {
    const { origin } = await rawProvider((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    expect(await failure(origin)).toMatchObject({ at: "body", ...UNAVAILABLE });
  });

  it.each([
    ["chunks", "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n"],
    ["a length", "Content-Length: 100\r\n\r\n{"],
  ])("is unavailable when the connection ends inside %s", async (_name, rest) => {
    expect(await answering(`HTTP/1.1 200 OK\r\n${rest}`)).toMatchObject({ at: "body", ...UNAVAILABLE });
  });

  it("is malformed when a chunk is", async () => {
    const text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nnonsense\r\n";
    // `failure` also proves that the bytes which the parser stumbled over are in no error.
    expect(await answering(text)).toMatchObject({ at: "body", ...MALFORMED });
  });

  it("times out when the provider goes silent", async () => {
    const { origin } = await provider((_req, res) => void res.write("data: 1\n\n"));
    expect(await failure(origin, { idleMs: 100 })).toMatchObject({ at: "body", ...TIMEOUT });
  });

  it("does not time out while it is the reader who pauses", async () => {
    const part = Buffer.alloc(64 * 1024);
    const { origin } = await provider((_req, res) => {
      for (let sent = 0; sent < 64; sent++) res.write(part);
      res.end();
    });
    const { body } = await upstreamOf(origin, { idleMs: 150 }).forward(clearedCall(), unaborted());
    const iterator = body[Symbol.asyncIterator]();
    let received = 0;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      if (received === 0) await new Promise((resolve) => setTimeout(resolve, 500));
      received += next.value.length;
    }
    expect(received).toBe(64 * part.length);
  });
});

describe("httpUpstream: an answer coded in spite of identity", () => {
  const text = '{"text":"héllo"}';

  async function coded(encoding: string, body: Buffer) {
    const { origin } = await provider((_req, res) => {
      res.writeHead(200, {
        "content-type": "application/json",
        "content-encoding": encoding,
        "content-length": body.length,
      });
      res.end(body);
    });
    return origin;
  }

  it.each([
    ["gzip", gzipSync(text)],
    ["x-gzip", gzipSync(text)],
    ["GZIP, identity", gzipSync(text)],
    ["br", brotliCompressSync(text)],
    ["deflate", deflateSync(text)],
    ["identity", Buffer.from(text)],
  ])("is decoded from %s", async (encoding, body) => {
    const answer = await upstreamOf(await coded(encoding, body)).forward(clearedCall(), unaborted());
    const names = answer.headers.map(([name]) => name.toLowerCase());
    expect(names.includes("content-length")).toBe(encoding === "identity");
    expect(names.includes("content-encoding")).toBe(encoding === "identity");
    expect((await readAll(answer.body)).toString()).toBe(text);
  });

  it.each([
    ["two layers", "gzip, gzip", gzipSync(gzipSync(text))],
    ["a thousand layers", Array.from({ length: 1000 }, () => "gzip").join(","), gzipSync(text)],
    ["an unknown coding", "zstd", Buffer.from(text)],
  ])("is malformed with %s", async (_name, encoding, body) => {
    expect(await failure(await coded(encoding, body))).toMatchObject({ at: "head", ...MALFORMED });
  });

  it.each([
    ["gzip", Buffer.from("not gzip")],
    ["gzip", gzipSync(text).subarray(0, -4)],
    ["br", Buffer.from("not brotli at all")],
    ["deflate", Buffer.from("not deflate")],
  ])("is malformed when the %s is broken", async (encoding, body) => {
    expect(await failure(await coded(encoding, body))).toMatchObject({ at: "body", ...MALFORMED });
  });

  it.each([
    ["gzip", gzipSync(Buffer.alloc(24 * 1024 * 1024))],
    ["br", brotliCompressSync(Buffer.alloc(24 * 1024 * 1024))],
  ])("is malformed when a little %s unfolds beyond 16 MiB", async (encoding, bomb) => {
    const { body } = await upstreamOf(await coded(encoding, bomb)).forward(clearedCall(), unaborted());
    let length = 0;
    const reading = (async () => {
      for await (const chunk of body) length += chunk.length;
    })();
    expect(await denialOf(reading)).toMatchObject(MALFORMED);
    expect(length).toBeLessThanOrEqual(16 * 1024 * 1024);
  });

  it("is unavailable when the connection ends inside it", async () => {
    const { origin } = await rawProvider((socket: net.Socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 999\r\n\r\n");
      socket.end(gzipSync(text).subarray(0, 12));
    });
    expect(await failure(origin)).toMatchObject({ at: "body", ...UNAVAILABLE });
  });
});
