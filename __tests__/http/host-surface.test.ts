import { Readable } from "node:stream";
import express5, { type Express, type Request, type RequestHandler } from "express";
import { clearedCall, keepRawBody, type Gate } from "../../adapters/index";
import { chat, DIALECTS } from "../support/dialects";
import { check, FORMS } from "../support/http-check";
import { EXPRESSES, openSite } from "../support/site";

/** A host whose handler shows what it was given. */
async function showing(express: typeof express5, before?: (app: Express) => void) {
  const shown: { req: Request }[] = [];
  const site = await openSite({
    express,
    mount(app, { gate }) {
      before?.(app);
      app.use(gate);
      app.use(express5.json() as RequestHandler, (req, res) => {
        shown.push({ req });
        res.json({ ok: true });
      });
    },
  });
  return { site, last: () => shown.at(-1)?.req as Request & { _body: boolean } };
}

describe.each(EXPRESSES)("what a handler behind the gate sees on %s", (_name, express) => {
  it("is the judged body, the principal, and no credential", async () => {
    const { site, last } = await showing(express);
    for (const dialect of DIALECTS) {
      for (const form of FORMS) {
        const other = form === "bearer" ? await site.key("bob") : null;
        const headers = [
          ...(other === null ? [] : [["x-api-key", other] as const]),
          ["Proxy-Authorization", "Basic x"],
          ["Range", "bytes=0-1"],
          ["X-Kept", "1"],
        ] as const;
        await check(site, { dialect, as: "alice", form, headers }, { upstream: 0 });
        const req = last();
        expect([req.body, req._body]).toEqual([dialect.ask("Hello"), true]);
        expect(req.user).toMatchObject({ user: { email: "alice@acme.test" }, organization: { name: "acme" } });
        expect(Object.isFrozen(req.user)).toBe(true);
        for (const name of ["authorization", "x-api-key", "proxy-authorization", "range"])
          expect(req.headers[name]).toBeUndefined();
        expect(req.rawHeaders.join("\n").toLowerCase()).not.toMatch(/authorization|x-api-key|llmg_|range/);
        expect([req.headers["x-kept"], req.headers["accept-encoding"]]).toEqual(["1", "identity"]);
        expect(req.rawHeaders.length % 2).toBe(0);
      }
    }
    await site.close();
  });

  it("clearedCall says what was cleared, typed and frozen, with the very bytes", async () => {
    const { site, last } = await showing(express);
    for (const dialect of DIALECTS) {
      const body = JSON.stringify(dialect.ask("Hello", { stream: false, model: "gpt-renamed" }), null, 2);
      const { headers } = await check(site, { dialect, as: "alice", body }, { upstream: 0 });
      const call = clearedCall(last());
      expect(Object.isFrozen(call)).toBe(true);
      expect(call).toMatchObject({
        ...{ requestId: headers["x-request-id"], protocol: dialect.name, operation: dialect.operation },
        ...{ model: "gpt-renamed", stream: false },
      });
      expect(call.principal.user.email).toBe("alice@acme.test");
      expect(call.grant.askModeOnly).toBe(false);
      const sent = body.replace("gpt-renamed", "vendor/renamed-2026");
      expect(Buffer.from(call.bytes).toString()).toBe(sent);
      expect(call.body).toEqual(JSON.parse(sent));
      expect(Buffer.concat((await call.replay().toArray()) as Buffer[]).toString()).toBe(sent);
      expect(call.signal).toBeInstanceOf(AbortSignal);
    }
    expect(() => clearedCall({})).toThrow("has not gone through the gate");
    await site.close();
  });

  it("express.json({ verify: keepRawBody }) before the gate keeps the bytes that are judged", async () => {
    const { site, last } = await showing(express, (app) =>
      app.use(express5.json({ verify: keepRawBody }) as RequestHandler),
    );
    for (const dialect of DIALECTS) {
      const body = JSON.stringify(dialect.ask("Hello"), null, 3);
      await check(site, { dialect, as: "alice", body }, { upstream: 0 });
      expect(Buffer.from(clearedCall(last()).bytes).toString()).toBe(body);
      await check(site, { dialect }, { refused: "unauthorized", reason: "missing" });
      const twice = body.replace("{", '{"model":"gpt-5-pro",');
      await check(site, { dialect, as: "alice", body: twice }, { refused: "invalid_body", reason: "duplicate_key" });
    }
    await site.close();
  });

  it("a parser before the gate that keeps nothing is a configuration error, never open", async () => {
    const { site } = await showing(express, (app) => app.use(express5.json() as RequestHandler));
    for (const dialect of DIALECTS)
      await check(site, { dialect, as: "alice" }, { refused: "internal_error", reason: "configuration" });
    expect(site.log.join("")).toContain("keepRawBody");
    await site.close();
  });
});

describe("gate.handle", () => {
  const handling = (answer: Parameters<Gate["handle"]>[0]) =>
    openSite({ mount: (app, { gate }) => void app.use(gate, gate.handle(answer)) });

  it.each(DIALECTS)("takes an Answer, streamed or whole, on $path", async (dialect) => {
    const site = await handling(async (call) => ({
      status: 200,
      headers: [["content-type", call.prompt?.stream ? "text/event-stream" : "application/json"]],
      body: Readable.from([
        Buffer.from(call.prompt?.stream ? dialect.events("Hi").join("") : JSON.stringify(dialect.answer("Hi"))),
      ]),
      origin: "host",
    }));
    expect((await check(site, { dialect, as: "alice" }, { upstream: 0 })).json).toEqual(dialect.answer("Hi"));
    const { text } = await check(site, { dialect, as: "alice", with: { stream: true, store: false } }, { upstream: 0 });
    expect(text).toBe(dialect.events("Hi").join(""));
    await site.close();
  });

  it.each(DIALECTS)("takes a fetch Response on $path", async (dialect) => {
    const site = await handling(async () => Response.json(dialect.answer("Hi"), { headers: { "x-from": "fetch" } }));
    const { json, headers } = await check(site, { dialect, as: "alice" }, { upstream: 0 });
    expect([json, headers["x-from"]]).toEqual([dialect.answer("Hi"), "fetch"]);
    await site.close();
  });

  it.each(DIALECTS)(
    "that rejects or throws is 500 in the dialect of $path, and its text stays here",
    async (dialect) => {
      const site = await handling(() => Promise.reject(new Error("secret at /srv")));
      const { text } = await check(
        site,
        { dialect, as: "alice" },
        { refused: "internal_error", reason: "internal", outcome: "host_error", upstream: 0 },
      );
      expect(text).not.toContain("secret");
      await site.close();
    },
  );

  it("hands the handler a call that aborts when the client leaves", async () => {
    const gone = new Promise<unknown>((resolve) => {
      void (async () => {
        const site = await handling(
          (call) =>
            new Promise((_, reject) => {
              call.signal.addEventListener(
                "abort",
                () => (resolve(call.signal.reason), reject(call.signal.reason as Error)),
              );
              controller.abort();
            }),
        );
        const controller = new AbortController();
        const headers = { "x-api-key": await site.key("alice"), "content-type": "application/json" };
        const body = JSON.stringify(chat.ask("Hello"));
        await fetch(`http://127.0.0.1:${site.port}${chat.path}`, {
          method: "POST",
          headers,
          body,
          signal: controller.signal,
        }).catch(() => undefined);
        await site.recorded(({ outcome }) => outcome === "client_aborted");
        await site.close();
      })();
    });
    expect(await gone).toMatchObject({ name: "ClientGone" });
  });
});
