import type { Express, RequestHandler } from "express";
import { chat, DIALECTS, type Dialect } from "../support/dialects";
import { requestOf, type HeaderPairs } from "../support/http-check";
import { send, type Received } from "../support/http-client";
import { dlp, group, HOUSE, user } from "../support/house-policy";
import { EXPRESSES, openSite, type Site } from "../support/site";

const CARD = "4111 1111 1111 1111";
const POLICY = {
  ...HOUSE,
  groups: [...HOUSE.groups, group("careful", { models: ["*"], dlp: dlp({ response: { CREDIT_CARD: "redact" } }) })],
  users: [...HOUSE.users, user("careful", ["careful"])],
};

describe.each(EXPRESSES)("The gate under the settings of %s", (_name, express) => {
  let site: Site;

  async function openWith(configure: (app: Express) => void, handler?: RequestHandler): Promise<void> {
    site = await openSite({
      ...{ express, policy: POLICY },
      mount(app, { gate, forwarder }) {
        configure(app);
        app.use(gate);
        if (handler) app.post("/v1/chat/completions", handler);
        else app.use("/v1", forwarder);
      },
    });
  }

  interface Asked {
    readonly dialect?: Dialect;
    readonly path?: string;
    readonly as?: string;
    readonly headers?: HeaderPairs;
  }

  const ask = async ({ dialect = chat, as = "alice", ...more }: Asked = {}): Promise<Received> =>
    send(site.port, await requestOf(site, { dialect, as, ...more }));

  afterEach(() => site.close());

  it.each(["strong", "weak"])("etag %s: an answer is whole, whatever the client says it has", async (etag) => {
    const answer: RequestHandler = (_req, res) => void res.json(chat.answer("Hello"));
    await openWith((app) => void app.set("etag", etag), answer);
    const first = await ask();
    const tag = first.headers.etag ?? "";
    expect(tag).not.toBe("");
    for (const headers of [
      [["If-None-Match", tag]],
      [["If-None-Match", "*"]],
      [["If-Modified-Since", new Date().toUTCString()]],
    ] as const) {
      const again = await ask({ headers });
      expect([again.status, again.text]).toEqual([200, first.text]);
    }
  });

  it("an etag of what the handler said is not sent with what the policy left of it", async () => {
    await openWith(
      (app) => void app.set("etag", "strong"),
      (_req, res) => void res.json(chat.answer(CARD)),
    );
    expect((await ask({ as: "alice" })).headers.etag).toBeDefined();
    const redacted = await ask({ as: "careful" });
    expect(redacted.text).toContain("[CREDIT_CARD]");
    expect(redacted.headers.etag).toBeUndefined();
  });

  it.each([false, "simple", "extended"])("query parser %s: a query goes on as it was written", async (parser) => {
    await openWith((app) => void app.set("query parser", parser));
    const query = "?beta=true&a[b]=1&a[b]=2&%20=%2F";
    for (const dialect of DIALECTS) {
      expect((await ask({ dialect, path: dialect.path + query })).status).toBe(200);
      expect(site.upstream.calls.at(-1)?.path).toBe(dialect.path + query);
    }
  });

  it.each([false, true])(
    "case sensitive routing %s: another case is guarded, and reaches no other handler",
    async (on) => {
      await openWith(
        (app) => void app.set("case sensitive routing", on),
        (_req, res) => void res.json(chat.answer("handler")),
      );
      const path = "/V1/Chat/Completions";
      expect((await ask({ path })).status).toBe(on ? 404 : 200);
      expect((await send(site.port, { path })).status).toBe(401);
      expect(JSON.parse((await ask({ path })).text)).toMatchObject(on ? { error: { type: "not_found" } } : {});
    },
  );

  it.each([false, true])("strict routing %s: a trailing slash is guarded, and reaches no other handler", async (on) => {
    await openWith(
      (app) => void app.set("strict routing", on),
      (_req, res) => void res.json(chat.answer("handler")),
    );
    const path = "/v1/chat/completions/";
    expect((await ask({ path })).status).toBe(on ? 404 : 200);
    expect((await send(site.port, { path })).status).toBe(401);
  });

  it.each([
    [false, ["127.0.0.1", "127.0.0.1"]],
    [1, ["192.0.2.7", "192.0.2.7"]],
    [true, ["198.51.100.1", "198.51.100.1"]],
    ["loopback", ["192.0.2.7", "192.0.2.7"]],
  ])("trust proxy %s decides which source is on record", async (trusted, expected) => {
    await openWith((app) => void app.set("trust proxy", trusted));
    const headers: HeaderPairs = [["X-Forwarded-For", "198.51.100.1, 192.0.2.7"]];
    await ask({ headers });
    await send(site.port, { path: chat.path, headers });
    const sources = (await site.trail()).filter(({ kind }) => kind !== "completion").map(({ source }) => source);
    expect(sources).toEqual(expected);
  });
});
