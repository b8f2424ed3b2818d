import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import express5 from "express";
import express4 from "express4";
import { ConfigurationError, Denial } from "../../../lib/denial";
import { keepRawBody } from "../../../lib/http/keep-raw-body";
import { bodyUnread, readBody, type ReadBodyOptions } from "../../../lib/http/read-body";
import { exchange, open, readAnswer, startServer, type RawAnswer, type RunningServer } from "./raw-http";

const OPTIONS: ReadBodyOptions = { maxBytes: 100_000, timeoutMs: 5_000 };
const JSON_LINE = "Content-Type: application/json\r\n";

/** What `readBody` made of a request: the bytes, or the refusal, as the answer's body; and whether bytes were left. */
async function report(req: IncomingMessage, options = OPTIONS): Promise<string> {
  const [outcome] = await Promise.allSettled([readBody(req, options)]);
  const unread = bodyUnread(req) ? " unread" : "";
  if (outcome.status === "fulfilled") return `body ${Buffer.from(outcome.value).toString("latin1")}${unread}`;
  const error: unknown = outcome.reason;
  if (error instanceof Denial) return `${error.code} ${error.reason}${unread}: ${error.publicMessage}`;
  if (error instanceof ConfigurationError) return `${error.code}${unread}: ${error.message}`;
  throw error;
}

describe("readBody over a socket", () => {
  let server: RunningServer;
  let options = OPTIONS;
  let reports: string[] = [];

  beforeAll(async () => {
    server = await startServer((req, res) => {
      void report(req, options).then((text) => {
        reports.push(text);
        if (bodyUnread(req)) res.setHeader("Connection", "close");
        res.end(text);
      });
    });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    options = OPTIONS;
    reports = [];
  });

  function post(lines: string, body: string | Uint8Array = "", length = Buffer.from(body).length): Promise<RawAnswer> {
    const head = `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n${lines}\r\n`;
    return exchange(server.port, head, body);
  }

  it.each([
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'application/json ; charset="utf-8"; x=y',
    "application/json;",
    'application/json; note="a;charset=latin1"',
    " \tapplication/json\t ",
  ])("takes the media type %j", async (type) => {
    expect((await post(`Content-Type: ${type}\r\n`, '{"a":1}')).body).toBe('body {"a":1}');
  });

  it.each([
    ["none", ""],
    ["an empty one", "Content-Type:\r\n"],
    ["plain text", "Content-Type: text/plain\r\n"],
    ["a form", "Content-Type: application/x-www-form-urlencoded\r\n"],
    ["a multipart form", "Content-Type: multipart/form-data; boundary=b\r\n"],
    ["JSON:API", "Content-Type: application/vnd.api+json\r\n"],
    ["JSON lines", "Content-Type: application/jsonl\r\n"],
    ["a list", "Content-Type: application/json, text/plain\r\n"],
    ["two lines", `${JSON_LINE}${JSON_LINE}`],
    ["two lines that differ", `${JSON_LINE}Content-Type: text/plain\r\n`],
    ["Latin-1", "Content-Type: application/json; charset=iso-8859-1\r\n"],
    ["UTF-16", "Content-Type: application/json; charset=utf-16\r\n"],
    ["a second charset", "Content-Type: application/json; charset=utf-8; charset=utf-7\r\n"],
    ["a broken charset", 'Content-Type: application/json; charset="utf-8\r\n'],
    ["a parameter without a value", "Content-Type: application/json; charset\r\n"],
  ])("refuses other media types: %s", async (_, lines) => {
    expect((await post(lines, "{}")).body).toMatch(/^unsupported_media_type media_type unread/);
  });

  it("judges hostile media types at once", async () => {
    const start = performance.now();
    expect((await post(`Content-Type: application/json${"; \t".repeat(4_000)}x=\r\n`, "{}")).body).toMatch(
      /media_type/,
    );
    expect(performance.now() - start).toBeLessThan(500);
  });

  it.each([
    ["gzip", "gzip", gzipSync("{}")],
    ["GZIP", "GZIP", gzipSync("{}")],
    ["br", "br", brotliCompressSync("{}")],
    ["identity", "identity", Buffer.from("{}")],
  ])("undoes the content coding %s", async (_, coding, body) => {
    expect((await post(`${JSON_LINE}Content-Encoding: ${coding}\r\n`, body)).body).toBe("body {}");
  });

  it.each([
    ["deflate", "Content-Encoding: deflate\r\n"],
    ["x-gzip", "Content-Encoding: x-gzip\r\n"],
    ["two layers", "Content-Encoding: gzip, gzip\r\n"],
    ["two lines", "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"],
  ])("refuses other content codings: %s", async (_, lines) => {
    const { body } = await post(JSON_LINE + lines, deflateSync("{}"));
    expect(body).toMatch(/^unsupported_media_type content_encoding unread: The content encoding .* gzip, br/);
  });

  it("refuses damaged codings and bombs", async () => {
    const gzip = `${JSON_LINE}Content-Encoding: gzip\r\n`;
    expect((await post(gzip, gzipSync("{}").subarray(0, -3))).body).toMatch(/^invalid_body body_incomplete:/);
    expect((await post(gzip, gzipSync(Buffer.alloc(10_000_000)))).body).toMatch(/^body_too_large body_too_large:/);
  });

  it("reads bodies of exactly the limit, none, and of a single chunk or many", async () => {
    const most = "x".repeat(OPTIONS.maxBytes);
    expect((await post(JSON_LINE, most)).body).toBe(`body ${most}`);
    expect((await post(JSON_LINE)).body).toBe("body ");
    const bare = await exchange(server.port, `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${JSON_LINE}\r\n`);
    expect(bare.body).toBe("body ");
  });

  it("reads chunked bodies, extensions and trailers aside", async () => {
    const head = `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${JSON_LINE}Transfer-Encoding: chunked\r\n\r\n`;
    const chunks = Array.from('{"a":1}', (unit) => `1;ext="x"\r\n${unit}\r\n`).join("");
    expect((await exchange(server.port, head, `${chunks}0\r\nContent-Type: text/plain\r\n\r\n`)).body).toBe(
      'body {"a":1}',
    );
    const tiny = Array.from({ length: 50_000 }, () => "1\r\n1\r\n").join("");
    expect((await exchange(server.port, head, `${tiny}0\r\n\r\n`)).body).toHaveLength(50_005);
  });

  it("refuses an announced length above the limit before any byte of it", async () => {
    const { body } = await post(JSON_LINE, "", OPTIONS.maxBytes + 1);
    expect(body).toBe("body_too_large body_too_large unread: Request body too large. Maximum size is 97.65 KB.");
  });

  it("refuses a body that grows above the limit, without reading the rest", async () => {
    const socket = await open(server.port);
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${JSON_LINE}Transfer-Encoding: chunked\r\n\r\n`);
    socket.write(`${(OPTIONS.maxBytes + 1).toString(16)}\r\n${"x".repeat(OPTIONS.maxBytes + 1)}`);
    const answer = await readAnswer(socket);
    expect(answer.body).toMatch(/^body_too_large body_too_large unread/);
    expect(answer.head).toMatch(/connection: close/i);
  });

  it("refuses a sender that stalls", async () => {
    options = { ...OPTIONS, timeoutMs: 60 };
    const { body } = await post(JSON_LINE, "{", 10);
    expect(body).toMatch(/^request_timeout timeout unread/);
  });

  it("is patient with a sender that goes on, up to a bound", async () => {
    options = { ...OPTIONS, timeoutMs: 150, totalMs: 5_000 };
    const socket = await open(server.port);
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${JSON_LINE}Content-Length: 6\r\n\r\n`);
    const drip = setInterval(() => socket.write("x"), 60);
    expect((await readAnswer(socket)).body).toBe("body xxxxxx");
    clearInterval(drip);

    options = { ...OPTIONS, timeoutMs: 150, totalMs: 200 };
    const slow = await open(server.port);
    slow.write(`POST / HTTP/1.1\r\nHost: x\r\n${JSON_LINE}Content-Length: 90\r\n\r\n`);
    const slower = setInterval(() => slow.write("x"), 60);
    expect((await readAnswer(slow)).body).toMatch(/^request_timeout timeout unread/);
    clearInterval(slower);
  });

  it("bounds the whole body by ten pauses unless told otherwise", async () => {
    options = { ...OPTIONS, timeoutMs: 30 };
    const slow = await open(server.port);
    slow.write(`POST / HTTP/1.1\r\nHost: x\r\n${JSON_LINE}Content-Length: 9000\r\n\r\n`);
    const drip = setInterval(() => slow.write("x"), 5);
    expect((await readAnswer(slow)).body).toMatch(/^request_timeout/);
    clearInterval(drip);
  });

  it.each(["end", "destroy"] as const)("refuses a body whose sender goes away (%s)", async (leave) => {
    const socket = await open(server.port);
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${JSON_LINE}Content-Length: 10\r\n\r\n{`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket[leave]();
    while (reports.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(reports[0]).toMatch(/^invalid_body body_incomplete unread/);
  });

  it("keeps the connection for the next request once a body is read", async () => {
    const one = `POST / HTTP/1.1\r\nHost: x\r\n${JSON_LINE}Content-Length: 2\r\n\r\n`;
    const socket = await open(server.port);
    socket.write(`${one}{}${one.replace("Host: x", "Host: x\r\nConnection: close")}[]`);
    const { body } = await readAnswer(socket);
    expect(body).toMatch(/^body \{\}[^]*body \[\]$/);
  });

  it("names the limit in the documented words", async () => {
    const worded = async (maxBytes: number): Promise<string> => {
      options = { ...OPTIONS, maxBytes };
      return /Maximum size is (.*)\./.exec((await post(JSON_LINE, "", maxBytes + 1)).body)?.[1] ?? "";
    };
    expect(await worded(52_428_800)).toBe("50 MB");
    expect(await worded(1_572_864)).toBe("1.5 MB");
    expect(await worded(52_428_799)).toBe("49.99 MB");
    expect(await worded(2048)).toBe("2 KB");
    expect(await worded(1000)).toBe("1000 bytes");
  });

  it("says that nothing is unread of a request without a body", async () => {
    const { body } = await exchange(server.port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(body).toMatch(/^unsupported_media_type media_type:/);
  });
});

describe("readBody after the request has gone or was read as text", () => {
  async function withRequest(
    use: (req: IncomingMessage) => Promise<string>,
    head: string,
    body = "{}",
  ): Promise<string> {
    let result: Promise<string> | undefined;
    const server = await startServer((req, res) => {
      result = use(req);
      void result.then((text) => res.end(text));
    });
    await exchange(server.port, `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${JSON_LINE}${head}\r\n${body}`);
    await server.close();
    return (await result) ?? "";
  }

  it("refuses what was gone before it was asked", async () => {
    const late = async (req: IncomingMessage): Promise<string> => {
      req.destroy();
      await once(req, "close");
      return report(req);
    };
    expect(await withRequest(late, "Content-Length: 2\r\n")).toMatch(/^invalid_body body_incomplete/);
  });

  it("refuses a stream that was switched to text", async () => {
    const asText = (req: IncomingMessage): Promise<string> => report(req.setEncoding("utf8"));
    expect(await withRequest(asText, "Content-Length: 2\r\n")).toMatch(/^body_already_read unread/);
  });
});

describe.each([
  ["Express 5", express5],
  ["Express 4", express4],
])("readBody behind a body parser on %s", (_, express) => {
  async function ask(parser: express5.RequestHandler, body: string, lines = ""): Promise<RawAnswer> {
    const app = express();
    app.use(parser);
    app.use((req, res) => void report(req).then((text) => res.end(text)));
    const server = await startServer(app);
    const head = `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${JSON_LINE}${lines}Content-Length: ${Buffer.byteLength(body, "latin1")}\r\n\r\n`;
    const answer = await exchange(server.port, head, body);
    await server.close();
    return answer;
  }

  it("judges the bytes that the parser kept", async () => {
    const { body } = await ask(express.json({ verify: keepRawBody }), '{"n": 1.0, "n": 2}');
    expect(body).toBe('body {"n": 1.0, "n": 2}');
  });

  it("takes them as the parser inflated them", async () => {
    const gzip = gzipSync('{"a":1}').toString("latin1");
    const { body } = await ask(express.json({ verify: keepRawBody }), gzip, "Content-Encoding: gzip\r\n");
    expect(body).toBe('body {"a":1}');
  });

  it("holds them against its own limit", async () => {
    const long = JSON.stringify("x".repeat(100_000));
    const { body } = await ask(express.json({ verify: keepRawBody, limit: "1mb", strict: false }), long);
    expect(body).toMatch(/^body_too_large/);
    const inflated = await ask(
      express.json({ verify: keepRawBody, limit: "1mb", strict: false }),
      gzipSync(long).toString("latin1"),
      "Content-Encoding: gzip\r\n",
    );
    expect(inflated.body).toMatch(/^body_too_large/);
  });

  it.each([
    ["express.json()", () => express.json()],
    ["express.text()", () => express.text({ type: () => true })],
  ])("refuses a body that %s took, and says what to write", async (_name, parser) => {
    const { body } = await ask(parser(), '{"a":1}');
    expect(body).toMatch(/^body_already_read: .*express\.json\(\{ verify: keepRawBody \}\)/);
  });

  it("reads for itself what the parser left alone", async () => {
    expect((await ask(express.urlencoded({ extended: false }), '{"a":1}')).body).toBe('body {"a":1}');
    expect((await ask(express.json(), "")).body).toBe("body ");
  });
});
