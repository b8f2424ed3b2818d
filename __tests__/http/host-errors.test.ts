import type { RequestHandler, Response } from "express";
import { DIALECTS, type Dialect } from "../support/dialects";
import { check, type Refused } from "../support/http-check";
import { EXPRESSES, openSite, type Site } from "../support/site";

const SECRET = "SELECT * FROM keys at /srv/app/db.js:7 postgres://u:p4ssw0rd@db";

class HostFault extends Error {
  readonly status: number | undefined;
  readonly headers = { "X-Leaked": "from the error", "Retry-After": "17" };

  constructor(status?: number) {
    super(SECRET);
    this.status = status;
  }
}

const failed = (more: Partial<Refused> = {}): Refused => ({
  ...{ refused: "internal_error", reason: "host_error", outcome: "host_error", upstream: 0 },
  ...more,
});

describe.each(EXPRESSES)("a host that fails behind the gate on %s", (_name, express) => {
  let site: Site;
  let handler: RequestHandler;
  beforeAll(async () => {
    jest.spyOn(console, "error").mockImplementation(() => undefined);
    site = await openSite({
      express,
      mount(app, { gate }) {
        app.set("env", "development");
        app.use((_req, res, next) => {
          res.set("X-From-Before-The-Gate", "kept");
          next();
        });
        app.use(gate);
        app.use((req, res, next) => handler(req, res, next));
      },
    });
    site.keepSecret("p4ssw0rd");
  });
  afterAll(async () => {
    await site.close();
    // Express logs an error in a later turn than it answers.
    await new Promise((resolve) => setImmediate(resolve));
    jest.restoreAllMocks();
  });

  describe.each(DIALECTS)("$path", (dialect) => {
    const ask = { dialect, as: "alice" } as const;

    it.each<[string, RequestHandler, Refused]>([
      [
        "K02 throws",
        () => {
          throw new HostFault();
        },
        failed(),
      ],
      ["K03 passes an error on", (_req, _res, next) => next(new HostFault()), failed()],
      [
        "throws a string",
        () => {
          throw SECRET as unknown as Error;
        },
        failed(),
      ],
      ["fails with its own 500", (_req, _res, next) => next(new HostFault(500)), failed()],
      ["fails with 503", (_req, _res, next) => next(new HostFault(503)), failed()],
      [
        "refuses with 422",
        (_req, _res, next) => next(new HostFault(422)),
        failed({ refused: "invalid_request", status: 422 }),
      ],
      ["refuses with 429", (_req, _res, next) => next(new HostFault(429)), failed({ refused: "rate_limited" })],
      ["refuses with 404", (_req, _res, next) => next(new HostFault(404)), failed({ refused: "not_found" })],
      ["has no handler: Express' own 404", (_req, _res, next) => next(), failed({ refused: "not_found" })],
      ["sends an HTML error page", (_req, res) => void res.status(500).send(`<pre>${SECRET}</pre>`), failed()],
      [
        "sends an HTML 404",
        (_req, res) => void res.status(404).send("<h1>Not here</h1>"),
        failed({ refused: "not_found" }),
      ],
      [
        "sends a status alone",
        (_req, res) => void res.sendStatus(418),
        failed({ refused: "invalid_request", status: 418 }),
      ],
      ["destroys its answer", (_req, res) => void res.destroy(new HostFault()), failed()],
    ])("that %s before the head answers in the dialect", async (_what, fails, expected) => {
      handler = fails;
      for (const stream of [false, true]) {
        const { text, headers } = await check(site, { ...ask, with: { stream } }, expected);
        expect(text).not.toMatch(/SELECT|\/srv|HostFault|at |<pre>|<h1>/);
        expect(headers["content-type"]).toBe("application/json");
        for (const field of ["etag", "content-security-policy", "x-leaked"]) expect(headers[field]).toBeUndefined();
        expect(headers["x-from-before-the-gate"]).toBe("kept");
      }
    });

    it("keeps a host's word on when to come back", async () => {
      handler = (_req, res) => void res.set("Retry-After", "17").status(429).send("slow down");
      expect((await check(site, ask, failed({ refused: "rate_limited" }))).headers["retry-after"]).toBe("17");
    });

    it("keeps a host's own 4xx in JSON: it may know the dialect", async () => {
      handler = (_req, res) => void res.status(409).json({ error: { message: "taken" } });
      const { json } = await check(site, ask, { status: 409, outcome: "host_error", upstream: 0 });
      expect(json).toEqual({ error: { message: "taken" } });
    });

    it.each<[string, (res: Response, next: (error: unknown) => void) => void]>([
      ["passes an error on", (_res, next) => next(new HostFault())],
      ["destroys its answer", (res) => void res.destroy(new HostFault())],
      ["ends without the last event", (res) => void res.end()],
    ])("that %s inside a stream ends it with the dialect's failure", async (_what, fail) => {
      handler = (_req, res, next) => begin(res, dialect, () => fail(res, next));
      const { text, torn } = await check(
        site,
        { ...ask, with: { stream: true } },
        { outcome: "host_error", upstream: 0 },
      );
      expect(text).toMatch(dialect.streamFailure);
      expect(text).not.toMatch(/SELECT|\/srv|HostFault/);
      expect(torn).toBe(false);
    });

    it("that throws inside a stream ends it with the dialect's failure", async () => {
      handler = (_req, res) => {
        res.writeHead(200, { "content-type": "text/event-stream" });
        res.write(dialect.events("Hello")[0] ?? "");
        throw new HostFault();
      };
      const { text } = await check(site, { ...ask, with: { stream: true } }, { outcome: "host_error", upstream: 0 });
      expect(text).toMatch(dialect.streamFailure);
    });

    it("that fails inside a JSON answer answers 500, since nothing of it has left", async () => {
      handler = (_req, res, next) => {
        res.writeHead(200, { "content-type": "application/json" });
        res.write('{"half":');
        next(new HostFault());
      };
      await check(site, ask, failed());
    });

    it("that answers twice is answered for once", async () => {
      handler = (_req, res) => {
        res.json(dialect.answer("first"));
        try {
          res.json(dialect.answer("second"));
        } catch {
          res.end("third");
        }
      };
      expect((await check(site, ask, { upstream: 0 })).json).toEqual(dialect.answer("first"));
    });

    it("that answers and then fails has answered", async () => {
      handler = (_req, res, next) => {
        res.json(dialect.answer("first"));
        next(new HostFault());
      };
      expect((await check(site, ask, { upstream: 0 })).json).toEqual(dialect.answer("first"));
    });
  });
});

/** Some events go out, and reach the client, before the failure. */
function begin(res: Response, dialect: Dialect, then: () => void): void {
  res.writeHead(200, { "content-type": "text/event-stream" });
  res.write(dialect.events("Hello").slice(0, 2).join(""), () => setImmediate(then));
}
