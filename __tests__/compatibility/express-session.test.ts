import type { RequestHandler } from "express";
import session from "express-session";
import { chat, type Dialect } from "../support/dialects";
import { requestOf } from "../support/http-check";
import { send, type Received } from "../support/http-client";
import { EXPRESSES, openSite, type Site } from "../support/site";

declare module "express-session" {
  interface SessionData {
    calls: number;
  }
}

const counting: RequestHandler = (req, _res, next) => {
  req.session.calls = (req.session.calls ?? 0) + 1;
  next();
};

const ordinary: RequestHandler = (req, res) => void res.json(chat.answer(`call ${req.session.calls ?? "none"}`));

function cookieOf({ headers }: Received): string {
  return headers["set-cookie"]?.[0]?.split(";")[0] ?? "none";
}

describe.each(EXPRESSES)("express-session beside the gate on %s", (_name, express) => {
  let site: Site;
  let sessions: RequestHandler;

  beforeEach(() => {
    sessions = session({ secret: "for this test only", resave: false, saveUninitialized: false });
  });

  afterEach(() => site.close());

  async function ask(cookie?: string, dialect: Dialect = chat): Promise<Received> {
    const headers = cookie === undefined ? [] : [["Cookie", cookie] as const];
    return send(site.port, await requestOf(site, { dialect, as: "alice", headers }));
  }

  describe("before it", () => {
    it("keeps a session over calls that the host answers", async () => {
      site = await openSite({ express, mount: (app, { gate }) => void app.use(sessions, gate, counting, ordinary) });
      const first = await ask();
      expect(first.text).toContain("call 1");
      const second = await ask(cookieOf(first));
      expect(second.text).toContain("call 2");
    });

    it("keeps it over calls that are forwarded, and no cookie goes upstream or comes back from there", async () => {
      site = await openSite({
        express,
        mount: (app, { gate, forwarder }) => void app.use(sessions, counting, gate, forwarder),
      });
      site.upstream.next((_req, res) => {
        res.writeHead(200, { "content-type": "application/json", "set-cookie": "vendor=1" });
        res.end(JSON.stringify(chat.answer("Hello")));
      });
      const first = await ask();
      expect(first.status).toBe(200);
      expect(first.headers["set-cookie"]).toEqual([expect.stringMatching(/^connect\.sid=/)]);
      await ask(cookieOf(first));
      for (const { headers } of site.upstream.calls) expect(headers).not.toHaveProperty("cookie");
    });

    it("takes no session for a credential", async () => {
      site = await openSite({ express, mount: (app, { gate }) => void app.use(sessions, counting, gate, ordinary) });
      const cookie = cookieOf(await ask());
      const headers = [["Cookie", cookie] as const];
      const received = await send(site.port, await requestOf(site, { dialect: chat, headers }));
      expect(received.status).toBe(401);
    });
  });

  it("behind it keeps a session over calls that a handler answers on `res`", async () => {
    site = await openSite({ express, mount: (app, { gate }) => void app.use(gate, sessions, counting, ordinary) });
    const first = await ask();
    expect(first.text).toContain("call 1");
    expect((await ask(cookieOf(first))).text).toContain("call 2");
  });

  it("behind it never learns of answers that do not go over `res`: forwarded calls leave no session", async () => {
    site = await openSite({
      express,
      mount: (app, { gate, forwarder }) => void app.use(gate, sessions, counting, forwarder),
    });
    const received = await ask();
    expect(received.status).toBe(200);
    expect(received.headers["set-cookie"]).toBeUndefined();
  });
});
