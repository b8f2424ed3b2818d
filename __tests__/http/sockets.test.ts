import { chat, DIALECTS } from "../support/dialects";
import { exchange, rawSocket } from "../support/raw-socket";
import { EXPRESSES, openSite, type Site } from "../support/site";

const JSON_400 = {
  error: { message: "The request is not valid HTTP.", type: "invalid_request_error", code: "invalid_request" },
};

describe.each(EXPRESSES)("sockets on %s", (_name, express) => {
  let site: Site;
  let alice = "";
  let bob = "";
  beforeAll(async () => {
    site = await openSite({ express });
    alice = await site.key("alice");
    bob = await site.key("bob");
  });
  afterAll(() => site.close());

  const request = (path: string, body: object, ...headers: readonly string[]): string => {
    const bytes = JSON.stringify(body);
    const lines = ["Host: gate.test", "Content-Type: application/json", `Content-Length: ${bytes.length}`, ...headers];
    return `POST ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${bytes}`;
  };
  const recordOf = async (id: string | undefined) =>
    (await site.trail()).filter(({ requestId }) => requestId === id).at(-1);

  it.each(DIALECTS)("B21: pipelined calls on $path have each an identity of their own", async (dialect) => {
    const body = dialect.ask("Hello");
    const answers = await exchange(
      site.port,
      request(dialect.path, body, `Authorization: Bearer ${alice}`) +
        request(dialect.path, { ...body, model: "gpt-5-pro" }, `Authorization: Bearer ${alice}`) +
        request(dialect.path, body, `x-api-key: ${bob}`) +
        request(dialect.path, body, "Connection: close"),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 200, 401]);
    const users = await Promise.all(
      answers.map(async ({ headers }) => (await recordOf(headers["x-request-id"]))?.user),
    );
    expect(users).toEqual(["alice@acme.test", "alice@acme.test", "bob@acme.test", null]);
  });

  it.each(DIALECTS)("B21: a kept connection on $path remembers no key", async (dialect) => {
    const body = dialect.ask("Hello");
    const raw = await rawSocket(site.port);
    raw.write(request(dialect.path, body, `Authorization: Bearer ${alice}`));
    await raw.received("Hello");
    raw.write(request(dialect.path, body, `x-api-key: ${bob}`));
    raw.write("GET /v1/models HTTP/1.1\r\nHost: gate.test\r\n\r\n");
    raw.write(request(dialect.path, body, `Authorization: Bearer ${alice}`, "Connection: close"));
    const answers = await raw.untilClosed();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 200]);
    const users = await Promise.all(
      answers.map(async ({ headers }) => (await recordOf(headers["x-request-id"]))?.user),
    );
    expect(users).toEqual(["alice@acme.test", "bob@acme.test", null, "alice@acme.test"]);
  });

  it.each([
    ["A20 an obsolete line fold", "POST /v1/messages HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n continued: 2\r\n\r\n"],
    ["A20 NUL in a value", "POST /v1/messages HTTP/1.1\r\nHost: x\r\nX-A: a\u0000b\r\n\r\n"],
    ["A20 a bare CR", "POST /v1/messages HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\n\r\n"],
    ["A20 a space before the colon", "POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer x\r\n\r\n"],
    ["A20 a line without a colon", "POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization\r\n\r\n"],
    ["no HTTP at all", "hello\r\n\r\n"],
    ["a space in the target", "POST /v1/mess ages HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["two lengths", "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    [
      "a length beside chunks",
      "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    [
      "chunked that is not last",
      "POST /v1/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    ],
    ["a length with a sign", "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello"],
  ])("%s is 400 in JSON from the parser, on record, and the connection closes", async (_what, bytes) => {
    const before = (await site.trail()).filter(({ reason }) => reason === "parser").length;
    const [answer, ...more] = await exchange(site.port, bytes);
    expect(more).toEqual([]);
    expect(answer?.status).toBe(400);
    expect(answer?.headers).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-should-retry": "false",
      connection: "close",
    });
    expect(answer?.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(answer?.body ?? "")).toEqual(JSON_400);
    const records = (await site.trail()).filter(({ reason }) => reason === "parser");
    expect(records.length).toBe(before + 1);
    expect(records.at(-1)).toMatchObject({ kind: "refusal", status: 400, requestId: answer?.headers["x-request-id"] });
  });

  it("answers 431 in JSON to headers that are too large", async () => {
    const [answer] = await exchange(
      site.port,
      `GET /v1/models HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(20_000)}\r\n\r\n`,
    );
    expect(answer?.status).toBe(431);
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ error: { code: "headers_too_large" } });
  });

  it("answers 431 in dialect to too many header lines, whose tail Node would drop unseen", async () => {
    const lines = Array.from({ length: 150 }, (_, at) => `X-${at}: 1\r\n`).join("");
    for (const { path, envelope } of DIALECTS) {
      const [answer] = await exchange(
        site.port,
        `POST ${path} HTTP/1.1\r\nHost: x\r\nx-api-key: ${alice}\r\n${lines}Connection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      expect(answer?.status).toBe(431);
      expect(JSON.parse(answer?.body ?? "")).toEqual(envelope("headers_too_large", expect.any(String)));
    }
  });

  it("takes no smuggled request for one: what follows an unread body is never parsed", async () => {
    const inner = request("/v1/messages", chat.ask("smuggled"), `Authorization: Bearer ${alice}`);
    const before = site.upstream.calls.length;
    const [answer, ...more] = await exchange(
      site.port,
      `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${inner.length + 100}\r\n\r\n${inner}`,
    );
    expect([answer?.status, answer?.headers["connection"], more.length]).toEqual([401, "close", 0]);
    expect(site.upstream.calls.length).toBe(before);
  });

  it("answers 408 in JSON to a head that does not come, and drops what is only a connection", async () => {
    const slow = await openSite({
      express,
      server: { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 },
    });
    const [answer] = await exchange(slow.port, "POST /v1/messages HTTP/1.1\r\nHost: x\r\n");
    expect(answer?.status).toBe(408);
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ error: { code: "request_timeout" } });
    await slow.close();
  });
});
