import { ConfigurationError } from "../../../lib/denial";
import { MODEL_OPERATIONS, createRouter, type Routed, type Router } from "../../../lib/http/route";
import { PROTOCOLS, chat, messages } from "./stub-protocols";

const route = createRouter({ prefix: "/v1", protocols: PROTOCOLS, unguarded: ["/v1/users", "/v1/Reports/daily/"] });

function ask(target: string, method = "POST", router: Router = route): Routed | null {
  return router(method, target, false, false);
}

/** `messages.create`, or the denial's code and reason. */
function outcome(routed: Routed | null): string {
  if (!routed) return "not ours";
  if ("operation" in routed.route) return routed.route.operation.id;
  return `${routed.route.denial.code} ${routed.route.denial.reason}`;
}

describe("createRouter", () => {
  it.each([
    ["POST", "/v1/chat/completions", "chat.create", "chat"],
    ["POST", "/v1/responses", "responses.create", "responses"],
    ["POST", "/v1/responses/input_tokens", "responses.input_tokens", "responses"],
    ["POST", "/v1/responses/compact", "responses.compact", "responses"],
    ["GET", "/v1/responses/resp_1", "responses.get", "responses"],
    ["DELETE", "/v1/responses/resp_1", "responses.delete", "responses"],
    ["POST", "/v1/responses/resp_1/cancel", "responses.cancel", "responses"],
    ["GET", "/v1/responses/resp_1/input_items", "responses.input_items", "responses"],
    ["POST", "/v1/messages", "messages.create", "messages"],
    ["POST", "/v1/messages/count_tokens", "messages.count_tokens", "messages"],
    ["GET", "/v1/models", "models.list", "chat"],
    ["HEAD", "/v1/models", "models.list", "chat"],
    ["GET", "/v1/models/gpt-4o", "models.get", "chat"],
    ["HEAD", "/v1/models/gpt-4o", "models.get", "chat"],
  ])("routes %s %s", (method, path, id, protocol) => {
    const routed = ask(path, method);
    expect(outcome(routed)).toBe(id);
    expect(routed).toMatchObject({ protocol: { name: protocol }, path, target: path.slice(3) });
  });

  it.each([
    ["/V1/Messages", "/v1/messages", "/messages"],
    ["/v1/MESSAGES/", "/v1/messages", "/messages"],
    ["/v1/messages?beta=true", "/v1/messages", "/messages?beta=true"],
    ["/v1/messages/?beta=true&model=other", "/v1/messages", "/messages?beta=true&model=other"],
    ["/v1/messages?", "/v1/messages", "/messages?"],
    ["/v1/messages?__proto__[x]=1", "/v1/messages", "/messages?__proto__[x]=1"],
    ["/v1/messages#x", "/v1/messages", "/messages"],
    ["/v1/messages?a=1#x?b", "/v1/messages", "/messages?a=1"],
    ["http://host.test/v1/messages?a", "/v1/messages", "/messages?a"],
    ["HTTPS://user:pw@host.test:8080/V1/messages", "/v1/messages", "/messages"],
  ])("routes %s as its canonical path", (target, path, below) => {
    expect(ask(target)).toMatchObject({ path, target: below });
    expect(outcome(ask(target))).toBe("messages.create");
  });

  it.each([
    ["/v1/models/agent%2Fx", "agent/x", "/models/agent%2Fx"],
    ["/v1/models/agent/x", "agent/x", "/models/agent%2Fx"],
    ["/v1/models/a%2fb%2Fc/", "a/b/c", "/models/a%2Fb%2Fc"],
    ["/v1/models/us.anthropic.claude-3:0", "us.anthropic.claude-3:0", "/models/us.anthropic.claude-3:0"],
    ["/v1/models/us.anthropic.claude-3%3A0", "us.anthropic.claude-3:0", "/models/us.anthropic.claude-3:0"],
    ["/v1/MODELS/GPT-4o", "GPT-4o", "/models/GPT-4o"],
    ["/v1/models/mod%C3%A8le", "modèle", "/models/mod%C3%A8le"],
    ["/v1/models/__proto__", "__proto__", "/models/__proto__"],
  ])("reads the model's id from %s, decoded once", (target, id, below) => {
    const routed = ask(target, "GET");
    expect(routed?.route).toMatchObject({ operation: { id: "models.get" }, params: { id } });
    expect(routed).toMatchObject({ target: below, path: `/v1${below}` });
  });

  it("keeps the case of a response id, and its query", () => {
    expect(ask("/v1/RESPONSES/Resp_A1/Input_Items?after=x", "GET")).toMatchObject({
      route: { params: { id: "Resp_A1" } },
      path: "/v1/responses/Resp_A1/input_items",
      target: "/responses/Resp_A1/input_items?after=x",
    });
  });

  it.each([
    "/v1/responses/re%2Fsp",
    "/v1/responses/%2e%2e",
    "/v1/responses/..",
    "/v1/responses/.",
    "/v1/responses/resp_1;x",
    "/v1/responses/resp_1%00",
    "/v1/responses/resp_1%3Fstream=true",
    "/v1/responses/resp_1%20",
    "/v1/responses/resp_1.",
    "/v1/responses/%252e",
    "/v1/responses/%zz",
    "/v1/responses/%ff",
    "/v1/models/..%2Fresponses",
    "/v1/models/a%2F%2Fb",
    "/v1/models//a",
    "/v1/models/a%2F..",
    "/v1/models/%2F",
    "/v1/models/gpt%E2%80%8B",
    "/v1/models/a%5Cb",
    "/v1/responses//cancel",
  ])("takes no id from %s", (target) => {
    expect(outcome(ask(target, "GET"))).toBe("unknown_endpoint noncanonical_path");
  });

  it.each([
    "//v1/messages",
    "/v1//messages",
    "///v1/responses",
    "/v1%2Fmessages",
    "/v1%2fmessages",
    "/%76%31/messages",
    "/v%31/messages",
    "/v1/./messages",
    "/v1/x/../messages",
    "/./v1/messages",
    "/x/../v1/messages",
    "/x/%2e%2e/v1/messages",
    "/x/.%2E/v1/messages",
    "/v1/messages;x=1",
    "/v1;x=1/messages",
    "/x/..;/v1/messages",
    "/v1\\messages",
    "\\v1\\messages",
    "/v1%5Cmessages",
    "/v1/messages.",
    "/v1./messages",
    "/v1/messages%20",
    "/v1%20/messages",
    "/v1/messages%00",
    "/v1%00/messages",
    "/v1/messages%E2%80%8B",
    "/v1%E2%80%8B/messages",
    "/v1/messages%09",
    "/%2576%2531/messages",
    "/v1%252Fmessages",
    "/v1%25252fmessages",
    "/v1/mess%61ges",
    "/v1/messages//",
    "/v1%c0%afmessages",
    "/v1%u002fmessages",
    "/%EF%BD%961/messages",
    "/v1/\u00e2\u0080\u008bmessages",
    "/a/b/../../v1/messages",
    "/x%2F..%2Fv1/messages",
    "/x%2Fy/../v1/messages",
    "http://host\\v1/messages",
    "//host/v1/messages",
    "/\\host/v1/messages",
    "/%2Fhost/v1/messages",
    "/.//host/v1/messages",
    "/;x/host/v1/messages",
    "http://host//v1/messages",
    "/%3B/v1/messages",
    "/ v1/messages",
    "v1/messages",
    "http:/v1/messages",
    `/%${"25".repeat(20)}761/messages`,
    "/v1/..",
    "/v1/../x",
    "/v1/%2e%2e/x",
  ])("refuses %j, which only looks guarded", (target) => {
    expect(outcome(ask(target))).toBe("unknown_endpoint noncanonical_path");
  });

  it.each([
    "/",
    "/api/hello",
    "/v2/messages",
    "/v10/messages",
    "/v1beta/models",
    "/v1messages",
    "/api/v1/messages",
    "/openai/v1/messages",
    "/favicon.ico",
    "/.well-known/x",
    "/a//b",
    "//host/v2/messages",
    "/fetch/https://host/v1/messages",
    "/a/../b",
    "/a;b/c",
    "/a%20b",
    "/%E2%82%AC",
    "/x?next=/v1/messages",
    "/x#/v1/messages",
    "*",
    "",
    "http://host.test",
    "http://host.test?x=/v1/messages",
    "http://v1/x",
    "/\u00ff",
  ])("leaves %j to the host", (target) => {
    expect(ask(target)).toBeNull();
  });

  it.each([
    "/v1",
    "/v1/",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/files",
    "/v1/batches",
    "/v1/realtime",
    "/v1/conversations/c1",
    "/v1/messages/batches",
    "/v1/messages/batches/b1/results",
    "/v1/responses/r1/other",
    "/v1/responses/r1/cancel/x",
    "/v1/chat",
    "/v1/user",
    "/v1/users2",
    "/v1/reports",
    "/v1/constructor",
    "/v1/__proto__",
  ])("refuses %s, which is not listed", (target) => {
    expect(outcome(ask(target))).toBe("unknown_endpoint unlisted_endpoint");
  });

  it.each([
    ["/v1/messages/batches", "messages"],
    ["//v1/messages", "messages"],
    ["/v1%2Fresponses", "responses"],
    ["/v1/responses/r/x", "responses"],
    ["/x/../v1/MESSAGES;a", "messages"],
    ["/v1/chat/x", "chat"],
    ["/v1/messagesx", "chat"],
    ["/v1/files", "chat"],
    ["/v1", "chat"],
  ])("answers %s in the dialect of the nearest prefix", (target, protocol) => {
    expect(ask(target)?.protocol.name).toBe(protocol);
  });

  it.each([
    ["GET", "/v1/responses", "POST"],
    ["OPTIONS", "/v1/messages", "POST"],
    ["QUERY", "/v1/chat/completions", "POST"],
    ["post", "/v1/messages", "POST"],
    ["HEAD", "/v1/responses/r1", "GET, DELETE"],
    ["POST", "/v1/responses/r1", "GET, DELETE"],
    ["GET", "/v1/responses/compact", "POST"],
    ["POST", "/v1/models", "GET, HEAD"],
    ["DELETE", "/v1/models/gpt-4o", "GET, HEAD"],
  ])("refuses %s %s and says what is allowed", (method, target, allow) => {
    const routed = ask(target, method);
    expect(outcome(routed)).toBe("method_not_allowed method");
    expect(routed?.route).toMatchObject({ denial: { headers: { Allow: allow } } });
  });

  it("refuses upgrades on listed paths before methods, and unknown paths before upgrades", () => {
    expect(outcome(route("GET", "/v1/responses", true, false))).toBe("upgrade_required upgrade");
    expect(outcome(route("POST", "/v1/messages", true, false))).toBe("upgrade_required upgrade");
    expect(outcome(route("GET", "/v1/realtime", true, false))).toBe("unknown_endpoint unlisted_endpoint");
    expect(outcome(route("GET", "//v1/responses", true, false))).toBe("unknown_endpoint noncanonical_path");
    expect(route("GET", "/socket", true, false)).toBeNull();
  });

  it("lists models in the dialect that the caller speaks, its refusals too", () => {
    const name = (method: string, target: string, version: boolean): string | undefined =>
      route(method, target, false, version)?.protocol.name;
    expect(name("GET", "/v1/models", true)).toBe("messages");
    expect(name("GET", "/v1/models", false)).toBe("chat");
    expect(name("POST", "/v1/models/x", true)).toBe("messages");
    expect(name("GET", "//v1/models", true)).toBe("messages");
    expect(name("POST", "/v1/chat/completions", true)).toBe("chat");
    expect(name("GET", "/v1/files", true)).toBe("chat");
  });

  it("lets the composer say who lists models", () => {
    const own = createRouter({ prefix: "/v1", protocols: PROTOCOLS, unguarded: [], modelsDialect: () => messages });
    expect(own("GET", "/v1/models", false, false)?.protocol).toBe(messages);
    const alone = createRouter({ prefix: "/v1", protocols: [chat], unguarded: [] });
    expect(alone("GET", "/v1/models", false, true)?.protocol).toBe(chat);
  });

  it("serves a prefix of several segments", () => {
    const deep = createRouter({ prefix: "/llm/v1", protocols: PROTOCOLS, unguarded: [] });
    expect(ask("/LLM/v1/messages?x", "POST", deep)).toMatchObject({ path: "/llm/v1/messages", target: "/messages?x" });
    expect(outcome(ask("/llm/x/../v1/messages", "POST", deep))).toBe("unknown_endpoint noncanonical_path");
    expect(outcome(ask("/llm//v1/messages", "POST", deep))).toBe("unknown_endpoint noncanonical_path");
    expect(ask("/v1/messages", "POST", deep)).toBeNull();
    expect(ask("/llm/v2", "POST", deep)).toBeNull();
  });

  it.each([
    "/v1/users",
    "/V1/Users/",
    "/v1/users/7?x=1",
    "/v1/users/a%20b",
    "/v1/users//x",
    "/v1/reports/DAILY/today",
    "http://h/v1/users",
  ])("leaves %s, which the host declared its own, to the host", (target) => {
    expect(ask(target, "GET")).toBeNull();
  });

  it.each([
    "/v1/users/../messages",
    "/v1/users/%2e%2e/messages",
    "/v1/users/..;/messages",
    "/v1/users%2F..%2Fmessages",
    "//v1/users",
    "/v1/users/%252e%252e/messages",
    "/v1/users\\..\\messages",
    "/v1/%75sers",
    "/v1/users;x",
  ])("does not take %s for the host's own path", (target) => {
    expect(outcome(ask(target))).toBe("unknown_endpoint noncanonical_path");
  });

  it("records a refused path without its query, and not at length", () => {
    expect(ask("/v1/files?api_key=secret")).toMatchObject({ path: "/v1/files", target: "/v1/files" });
    expect(ask(`/v1/${"x".repeat(9_000)}`)?.path).toHaveLength(256);
  });

  it("answers targets of 16 kB at once", () => {
    for (const piece of [
      "%25",
      "%2525",
      "/..",
      "/a",
      "%c0%af",
      "a",
      ".",
      ";",
      "//",
      "%E2%80%8B",
      "/.",
      "a/",
      "%",
      "/v1/..",
    ]) {
      const target = `/${piece.repeat(16_000 / piece.length)}%/v1/messages`;
      const start = performance.now();
      ask(target);
      ask(`/v1${target}`);
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });

  it.each(["", "/", "v1", "/v1/", "/v1//x", "/v1/../x", "/{id}", "/v1?x", "/v%31", "/v1."])(
    "refuses the prefix %j",
    (prefix) => {
      expect(() => createRouter({ prefix, protocols: PROTOCOLS, unguarded: [] })).toThrow(
        expect.objectContaining({ name: "ConfigurationError", code: "invalid_prefix" }),
      );
    },
  );

  it.each([
    "/v1",
    "/v1/",
    "/",
    "/users",
    "/v1/messages",
    "/V1/Responses/",
    "/v1/chat",
    "/v1/responses/own",
    "/v1/models/x",
    "/v1/users/../x",
  ])("refuses %s as an unguarded path", (entry) => {
    const create = (): Router => createRouter({ prefix: "/v1", protocols: PROTOCOLS, unguarded: [entry] });
    expect(create).toThrow(expect.objectContaining({ code: "invalid_unguarded" }));
    expect(create).toThrow(JSON.stringify(entry));
  });

  it("needs a protocol", () => {
    expect(() => createRouter({ prefix: "/v1", protocols: [], unguarded: [] })).toThrow(ConfigurationError);
  });

  it("names the operations that the gate answers itself", () => {
    expect(MODEL_OPERATIONS.map(({ id, method, body }) => `${method} ${id} ${body}`)).toEqual([
      "GET models.list none",
      "HEAD models.list none",
      "GET models.get none",
      "HEAD models.get none",
    ]);
  });
});
