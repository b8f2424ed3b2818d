import type { RequestHandler } from "express";
import helmet from "helmet";
import { chat } from "../support/dialects";
import { requestOf } from "../support/http-check";
import { send, type Received } from "../support/http-client";
import { EXPRESSES, openSite, type Site } from "../support/site";

describe.each(EXPRESSES)("The headers of an answer behind the gate on %s", (_name, express) => {
  let site: Site;

  afterEach(() => site.close());

  async function answeredBy(...behind: readonly RequestHandler[]): Promise<Received> {
    site = await openSite({ express, mount: (app, { gate }) => void app.use(helmet(), gate, ...behind) });
    return send(site.port, await requestOf(site, { dialect: chat, as: "alice" }));
  }

  it("are those that middlewares before the gate set, less what the handler took away", async () => {
    const { headers } = await answeredBy((_req, res) => {
      res.removeHeader("content-security-policy");
      res.set("x-frame-options", "DENY").set("x-own", "1").cookie("a", "1").cookie("b", "2").json(chat.answer("Hello"));
    });
    expect(headers).not.toHaveProperty("content-security-policy");
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "DENY", "x-own": "1" });
    expect(headers["set-cookie"]).toEqual(["a=1; Path=/", "b=2; Path=/"]);
  });

  it("carry the gate's request id, whatever the handler says", async () => {
    const { headers } = await answeredBy((_req, res) => void res.set("x-request-id", "handler-1").json({}));
    const [record] = await site.trail();
    expect(headers["x-request-id"]).toBe(record?.requestId);
  });

  it("are helmet's and the gate's own when the handler fails", async () => {
    const { headers, status } = await answeredBy((_req, res) => {
      res.removeHeader("x-content-type-options");
      res.set("x-own", "1").set("cache-control", "public");
      throw new Error("on purpose");
    });
    expect([status, headers["cache-control"], headers["x-content-type-options"]]).toEqual([500, "no-store", "nosniff"]);
    expect(headers).not.toHaveProperty("x-own");
  });

  it("keep what middlewares between the gate and a direct answer set", async () => {
    const { headers } = await answeredBy(
      (_req, res, next) => {
        res.set("x-between", "1");
        next();
      },
      (req, res, next) => site.gate.handle(() => Promise.resolve(Response.json(chat.answer("Hello"))))(req, res, next),
    );
    expect(headers).toMatchObject({ "x-between": "1", "x-content-type-options": "nosniff" });
  });
});
