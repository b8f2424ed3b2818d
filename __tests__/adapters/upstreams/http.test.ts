import type http from "node:http";
import { ConfigurationError } from "../../../lib/denial";
import { headerValue } from "../../../lib/answer";
import { httpUpstream } from "../../../adapters/upstreams/http";
import { clearedCall, closeAll, PROVIDER_KEY, provider, readAll, unaborted, upstreamOf } from "./http/scripted";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A provider that keeps what it was sent and answers `{"ok":true}`. */
async function recording() {
  const seen: Seen[] = [];
  const { origin } = await provider((req, res) => {
    void readAll(req).then((body) => {
      seen.push({ method: String(req.method), url: String(req.url), headers: req.headers, body });
      res.setHeader("content-type", "application/json").end('{"ok":true}');
    });
  });
  return { origin, seen };
}

afterEach(closeAll);

describe("httpUpstream: the request", () => {
  it("sends the judged bytes exactly, with their length", async () => {
    const { origin, seen } = await recording();
    const body = '{ "n": 1e400, "n2": 10000000000000000001, "text": "\\ud83d\\ude00 é" }';
    await readAll((await upstreamOf(origin).forward(clearedCall({ body }), unaborted())).body);
    expect(seen[0]?.body.toString()).toBe(body);
    expect(seen[0]?.headers["content-length"]).toBe(String(Buffer.byteLength(body)));
    expect(seen[0]?.headers["transfer-encoding"]).toBeUndefined();
    expect(seen[0]?.headers["content-type"]).toBe("application/json");
  });

  it("carries the provider's key as a bearer token, and none of the caller's credentials", async () => {
    const { origin, seen } = await recording();
    const headers = [
      ["Authorization", "Bearer client"],
      ["X-Api-Key", "client"],
      ["Cookie", "client=1"],
      ["Proxy-Authorization", "Basic client"],
      ["anthropic-beta", "a"],
      ["anthropic-beta", "b"],
    ] as const;
    await upstreamOf(origin).forward(clearedCall({ headers }), unaborted());
    const [request] = seen;
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${PROVIDER_KEY}`,
      "anthropic-beta": "a, b",
      "accept-encoding": "identity",
    });
    expect(JSON.stringify(request?.headers)).not.toContain("client");
    expect(request?.headers["anthropic-version"]).toBeUndefined();
  });

  it("carries the provider's key as x-api-key, and a version where the caller named none", async () => {
    const { origin, seen } = await recording();
    const upstream = upstreamOf(origin, { auth: "x-api-key" });
    await upstream.forward(clearedCall(), unaborted());
    await upstream.forward(clearedCall({ headers: [["Anthropic-Version", "2026-10-21"]] }), unaborted());
    expect(seen[0]?.headers).toMatchObject({ "x-api-key": PROVIDER_KEY, "anthropic-version": "2023-06-01" });
    expect(seen[0]?.headers.authorization).toBeUndefined();
    expect(seen[1]?.headers["anthropic-version"]).toBe("2026-10-21");
  });

  it.each([
    ["", "/v1/messages?beta=true"],
    ["/", "/v1/messages?beta=true"],
    ["/v1", "/v1/messages?beta=true"],
    ["/v1/", "/v1/messages?beta=true"],
    ["/proxy", "/proxy/v1/messages?beta=true"],
    ["/proxy/v1", "/proxy/v1/messages?beta=true"],
    ["/v1beta/openai/", "/v1beta/openai/messages?beta=true"],
    ["/api/paas/v4", "/api/paas/v4/messages?beta=true"],
  ])("reaches a base that ends in %p with one version in the path", async (path, expected) => {
    const { origin, seen } = await recording();
    await upstreamOf(origin + path).forward(clearedCall({ target: "/messages?beta=true" }), unaborted());
    expect(seen[0]?.url).toBe(expected);
  });

  it.each(["GET", "DELETE", "POST"])("sends no body and no content type with an empty %s", async (method) => {
    const { origin, seen } = await recording();
    const call = clearedCall({ operation: { method, body: "none" }, target: "/responses/resp_1", body: "" });
    await upstreamOf(origin).forward(call, unaborted());
    expect(seen[0]).toMatchObject({ method, url: "/v1/responses/resp_1" });
    expect(seen[0]?.body).toHaveLength(0);
    expect(seen[0]?.headers["content-type"]).toBeUndefined();
  });

  it("uses connections again", async () => {
    const ports = new Set<number | undefined>();
    const { origin } = await provider((req, res) => {
      ports.add(req.socket.remotePort);
      res.end("{}");
    });
    const upstream = upstreamOf(origin);
    for (let call = 0; call < 10; call++) await readAll((await upstream.forward(clearedCall(), unaborted())).body);
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});

describe("httpUpstream: the answer", () => {
  it("comes back with status, fields and bytes unchanged", async () => {
    const { origin } = await provider((_req, res) => {
      res.writeHead(200, [
        ["Content-Type", "application/json; charset=utf-8"],
        ["Content-Length", "11"],
        ["X-RateLimit-Remaining", "9"],
        ["Request-Id", "req_1"],
        ["x-request-id", "theirs"],
      ]);
      res.end('{"ok":true}');
    });
    const answer = await upstreamOf(origin).forward(clearedCall(), unaborted());
    expect(answer.status).toBe(200);
    expect(answer.origin).toBe("upstream");
    expect(answer.headers.slice(0, 5)).toEqual([
      ["Content-Type", "application/json; charset=utf-8"],
      ["Content-Length", "11"],
      ["X-RateLimit-Remaining", "9"],
      ["Request-Id", "req_1"],
      ["x-request-id", "theirs"],
    ]);
    expect((await readAll(answer.body)).toString()).toBe('{"ok":true}');
  });

  it("loses cookies and what belongs to the connection", async () => {
    const { origin } = await provider((_req, res) => {
      res.setHeader("set-cookie", ["a=1", "b=2"]);
      res.setHeader("connection", "keep-alive, X-Internal");
      res.setHeader("x-internal", "1");
      res.setHeader("proxy-authenticate", "Basic");
      res.write("{");
      res.end("}");
    });
    const { headers } = await upstreamOf(origin).forward(clearedCall(), unaborted());
    const names = headers.map(([name]) => name.toLowerCase()).filter((name) => name !== "date");
    expect(names).toEqual([]);
  });

  it.each([
    [400, "application/json", '{"error":{"message":"bad"}}'],
    [429, "application/json", '{"error":{"type":"rate_limit_error"}}'],
    [503, "text/html", "<html>down</html>"],
  ])("is the provider's own %d %s, verbatim", async (status, type, body) => {
    const { origin } = await provider((_req, res) => {
      res.writeHead(status, { "content-type": type, "retry-after": "7" }).end(body);
    });
    const answer = await upstreamOf(origin).forward(clearedCall(), unaborted());
    expect([answer.status, answer.origin]).toEqual([status, "upstream"]);
    expect(headerValue(answer.headers, "content-type")).toBe(type);
    expect(headerValue(answer.headers, "retry-after")).toBe("7");
    expect((await readAll(answer.body)).toString()).toBe(body);
  });

  it("begins before the body does", async () => {
    const { origin } = await provider((_req, res) => res.writeHead(200).flushHeaders());
    await expect(upstreamOf(origin).forward(clearedCall(), unaborted())).resolves.toMatchObject({ status: 200 });
  });

  it("delivers each part of a stream when the provider sends it", async () => {
    let send: (text: string) => void = () => undefined;
    const { origin } = await provider((_req, res) => {
      send = (text) => void res.write(text);
      send("data: 1\n\n");
    });
    const { body } = await upstreamOf(origin).forward(clearedCall(), unaborted());
    const received: string[] = [];
    for await (const chunk of body) {
      received.push(Buffer.from(chunk).toString());
      if (received.length === 3) break;
      send(`data: ${received.length + 1}\n\n`);
    }
    expect(received).toEqual(["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"]);
  });
});

describe("httpUpstream: its options", () => {
  const good = { name: "openai", baseUrl: "https://api.openai.com/v1", apiKey: PROVIDER_KEY };

  it.each([
    [{ ...good, baseURL: "x" }, 'did you mean "baseUrl"'],
    [{ ...good, api_key: "x" }, 'did you mean "apiKey"'],
    [{ ...good, colour: "x" }, "it takes name, baseUrl"],
    [{ ...good, name: "" }, '"name"'],
    [{ ...good, baseUrl: "api.openai.com/v1" }, "https://api.openai.com/v1"],
    [{ ...good, baseUrl: "localhost:8080" }, "write the scheme in full"],
    [{ ...good, baseUrl: "https://user:hunter2@host" }, 'put the key in "apiKey"'],
    [{ ...good, baseUrl: "https://host/?key=hunter2" }, "write it without"],
    [{ ...good, apiKey: "" }, "a string of 0 characters; is the environment variable set?"],
    [{ ...good, apiKey: "hunter2\r\nx: y" }, "printable ASCII"],
    [{ ...good, apiKey: undefined as unknown as string }, "received undefined"],
    [{ ...good, auth: "basic" as "bearer" }, '"bearer" or "x-api-key"'],
    [{ ...good, protocols: [] }, "leave it out for all"],
    [{ ...good, idleMs: 0 }, "idleMs: 0"],
    [{ ...good, headersTimeoutMs: 1.5 }, "headersTimeoutMs: 1.5"],
    [{ ...good, connectTimeoutMs: Infinity }, "connectTimeoutMs: Infinity"],
  ])("refuses %#: says what to write, quotes no secret", (options, sentence) => {
    const construct = () => httpUpstream(options);
    expect(construct).toThrow(ConfigurationError);
    expect(construct).toThrow(sentence);
    expect(construct).not.toThrow(/hunter2/);
  });

  it("are copied: a later change of the caller's object has no effect", async () => {
    const protocols = ["chat"];
    const upstream = httpUpstream({ ...good, protocols });
    protocols.push("messages");
    expect(upstream).toMatchObject({ name: "openai", protocols: ["chat"] });
    expect(Object.isFrozen(upstream)).toBe(true);
    await upstream.close?.();
  });
});
