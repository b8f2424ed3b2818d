import { chat, DIALECTS, messages, responses, type Dialect } from "../support/dialects";
import { check } from "../support/http-check";
import { send } from "../support/http-client";
import { EXPRESSES, openSite, type Site } from "../support/site";

describe.each(EXPRESSES)("endpoints on %s", (_name, express) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ express });
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    const { path } = dialect;

    it.each([`${path}/`, path.toUpperCase(), path.replace("v1", "V1"), `${path}?beta=true&model=other&__proto__[x]=1`])(
      "B01 B02 B08: %s is the same endpoint under the same policy",
      async (written) => {
        await check(site, { dialect, as: "alice", path: written }, { record: { operation: dialect.operation, path } });
        await check(site, { dialect, path: written }, { refused: "unauthorized", reason: "missing" });
        await check(
          site,
          { dialect, as: "alice", path: written, with: { model: "gpt-5-pro" } },
          { refused: "model_access_denied", reason: "model_denied" },
        );
      },
    );

    it.each(["GET", "HEAD", "PUT", "PATCH", "DELETE", "PROPFIND", "QUERY", "TRACE", "OPTIONS"])(
      "B09: %s is 405 with Allow after the key, and 401 before it",
      async (method) => {
        const asked = { method, path, headers: [["x-api-key", await site.key("alice")]] as const };
        const { status, headers, text } = await send(site.port, asked);
        expect([status, headers["allow"], headers["x-should-retry"]]).toEqual([405, "POST", "false"]);
        const envelope = dialect.envelope("method_not_allowed", expect.any(String));
        if (method === "HEAD") expect(text).toBe("");
        else expect(JSON.parse(text)).toEqual(envelope);
        const record = (await site.trail()).find(({ requestId }) => requestId === headers["x-request-id"]);
        expect(record).toMatchObject({ kind: "refusal", reason: "method", method, user: "alice@acme.test" });
        expect((await send(site.port, { method, path })).status).toBe(401);
      },
    );

    it("B10: no header and no member turns a GET into a POST", async () => {
      const headers = [
        ["X-HTTP-Method-Override", "POST"],
        ["X-Method-Override", "POST"],
      ] as const;
      await check(
        site,
        { dialect, as: "alice", method: "GET", headers, path: `${path}?_method=POST`, body: null },
        { refused: "method_not_allowed", reason: "method" },
      );
    });

    it("B11: a CORS preflight is an ordinary method, with no CORS header of ours", async () => {
      const preflight = [
        ["Origin", "https://evil.test"],
        ["Access-Control-Request-Method", "POST"],
      ] as const;
      const ask = { dialect, method: "OPTIONS", headers: preflight, body: null };
      await check(site, ask, { refused: "unauthorized", reason: "missing" });
      await check(site, { ...ask, as: "alice" }, { refused: "method_not_allowed", reason: "method" });
    });
  });

  const UNLISTED: readonly (readonly [Dialect, string])[] = [
    [messages, "/v1/messages/batches"],
    [messages, "/v1/messages/batches/b_1/results"],
    [responses, "/v1/responses/resp_1/unknown"],
    [responses, "/v1/responses/a/b/c"],
    [chat, "/v1/chat"],
    [chat, "/v1/chat/completions/abc"],
    [chat, "/v1"],
    [chat, "/v1/"],
    ...[
      "completions",
      "embeddings",
      "files",
      "batches",
      "conversations",
      "prompts",
      "realtime",
      "images/generations",
    ].map((name) => [chat, `/v1/${name}`] as const),
  ];

  it.each(UNLISTED)(
    "B15 B16 B18: in the dialect of %p, %s is 404 after the key, and never handed on",
    async (dialect, path) => {
      await check(site, { dialect, path }, { refused: "unauthorized", reason: "missing" });
      for (const method of ["POST", "GET"]) {
        await check(
          site,
          { dialect, as: "alice", path, method, ...(method === "GET" && { body: null }) },
          { refused: "unknown_endpoint", reason: "unlisted_endpoint", record: { path } },
        );
      }
    },
  );

  it("B15: count_tokens is judged like the messages it ships", async () => {
    const path = "/v1/messages/count_tokens";
    await check(site, { dialect: messages, path, as: "alice" }, { record: { operation: "messages.count_tokens" } });
    await check(site, { dialect: messages, path }, { refused: "unauthorized", reason: "missing" });
    await check(
      site,
      { dialect: messages, path, as: "alice", with: { model: "gpt-5-pro" } },
      { refused: "model_access_denied", reason: "model_denied" },
    );
  });

  it.each(["input_tokens", "compact"])("B16: responses/%s is judged like a response", async (name) => {
    const path = `/v1/responses/${name}`;
    await check(site, { dialect: responses, path, as: "alice" }, { record: { operation: `responses.${name}` } });
    await check(
      site,
      { dialect: responses, path, as: "asker", with: { tools: [{ type: "function", name: "f", parameters: {} }] } },
      { refused: "ask_mode_only", reason: "ask_mode" },
    );
    await check(
      site,
      { dialect: responses, path, as: "alice", with: { model: "gpt-5-pro" } },
      { refused: "model_access_denied", reason: "model_denied" },
    );
  });

  it("judges in the contract's order: 401, 404, 405, 403 access, 415, 413, 400", async () => {
    const wrong = { dialect: messages, contentType: "text/plain", body: "{" };
    await check(
      site,
      { ...wrong, path: "/v1/messages/x", method: "PUT" },
      { refused: "unauthorized", reason: "missing" },
    );
    const visitor = { ...wrong, as: "visitor" };
    await check(
      site,
      { ...visitor, path: "/v1/messages/x", method: "PUT" },
      { refused: "unknown_endpoint", reason: "unlisted_endpoint" },
    );
    await check(site, { ...visitor, method: "PUT" }, { refused: "method_not_allowed", reason: "method" });
    await check(site, visitor, { refused: "api_key_access_disabled", reason: "key_access_disabled" });
    const alice = { ...wrong, as: "alice" };
    await check(site, alice, { refused: "unsupported_media_type", reason: "media_type" });
    await check(
      site,
      { ...alice, contentType: "application/json" },
      { refused: "invalid_body", reason: "invalid_json" },
    );
  });
});

describe("the prefix", () => {
  it("B18: may lie below a path; other paths are none of the gate's business", async () => {
    const site = await openSite({
      prefix: "/llm/v1",
      mount(app, { gate, forwarder }) {
        app.use(gate);
        app.use("/llm/v1", forwarder);
        app.use((_req, res) => void res.json({ host: true }));
      },
    });
    for (const dialect of DIALECTS) {
      const path = `/llm${dialect.path}`;
      await check(site, { dialect, as: "alice", path }, { record: { path } });
      await check(site, { dialect, path }, { refused: "unauthorized", reason: "missing" });
      expect(site.upstream.calls.at(-1)?.path).toBe(dialect.path);
    }
    const records = (await site.trail()).length;
    for (const path of ["/v1/messages", "/openai/v1/chat/completions", "/v1beta/models", "/api/hello"]) {
      expect(JSON.parse((await send(site.port, { path, body: "{}" })).text)).toEqual({ host: true });
    }
    expect((await site.trail()).length).toBe(records);
    await site.close();
  });

  it("leaves the host the paths that it lists as unguarded, and no others", async () => {
    const site = await openSite({
      unguarded: ["/v1/users"],
      mount(app, { gate }) {
        app.use(gate);
        app.use((req, res) => void res.json({ host: req.path }));
      },
    });
    for (const path of ["/v1/users", "/v1/users/7", "/v1/Users/7"]) {
      expect(JSON.parse((await send(site.port, { method: "GET", path })).text)).toEqual({ host: path });
    }
    for (const path of ["/v1/users-export", "/v1/users/../messages", "/v1/users/%2e%2e/messages", "/v1/user"]) {
      expect((await send(site.port, { method: "GET", path })).status).toBe(401);
    }
    await site.close();
  });
});
