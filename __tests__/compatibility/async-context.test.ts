import { AsyncLocalStorage } from "node:async_hooks";
import type { RequestHandler } from "express";
import { DIALECTS } from "../support/dialects";
import { requestOf } from "../support/http-check";
import { send } from "../support/http-client";
import { EXPRESSES, openSite, type Site } from "../support/site";

const context = new AsyncLocalStorage<{ readonly call: string }>();

/** As tracers and loggers do: before the gate, by a header of the client's. */
const entering: RequestHandler = (req, _res, next) =>
  context.run({ call: String(req.headers["x-call"]) }, () => next());

describe.each(EXPRESSES)("An AsyncLocalStorage entered before the gate on %s", (_name, express) => {
  let site: Site;

  afterEach(() => site.close());

  async function calls(count: number): Promise<readonly unknown[]> {
    const asked = Array.from({ length: count }, async (_, index) => {
      const dialect = DIALECTS[index % DIALECTS.length] ?? DIALECTS[0];
      if (dialect === undefined) throw new Error("no dialects");
      const headers = [["X-Call", `call-${index}`] as const];
      const received = await send(site.port, await requestOf(site, { dialect, as: "alice", headers }));
      return received.headers["x-seen"];
    });
    return Promise.all(asked);
  }

  it("is each handler's own behind it, on `res` and by the direct way", async () => {
    const say = (): string => context.getStore()?.call ?? "lost";
    site = await openSite({
      express,
      mount(app, { gate }) {
        app.use(entering, gate);
        app.post(
          "/v1/responses",
          gate.handle(async () => Promise.resolve(Response.json({ id: "r" }, { headers: { "x-seen": say() } }))),
        );
        app.use((_req, res) => void res.set("x-seen", say()).json({ id: "r" }));
      },
    });
    const expected = Array.from({ length: 24 }, (_, index) => `call-${index}`);
    expect(await calls(24)).toEqual(expected);
    // Keys and policy are cached by now, so the second round takes another way through the gate.
    expect(await calls(24)).toEqual(expected);
  });
});
