import { createGunzip, gunzipSync } from "node:zlib";
import compression from "compression";
import cors from "cors";
import session from "express-session";
import helmet from "helmet";
import morgan from "morgan";
import { clearedCall } from "../../adapters/index";
import { DIALECTS, type Dialect } from "../support/dialects";
import { requestOf, type HeaderPairs } from "../support/http-check";
import { open, send, type Received, type Sent } from "../support/http-client";
import { EXPRESSES, openSite, type Site } from "../support/site";

const BROWSER: HeaderPairs = [
  ["Origin", "https://app.test"],
  ["Accept-Encoding", "gzip"],
];

describe.each(EXPRESSES)("With every middleware in the order of the README on %s,", (_name, express) => {
  let site: Site;
  let logged: string[];

  beforeAll(async () => {
    logged = [];
    const log = morgan(":status", { stream: { write: (line) => void logged.push(line.trim()) } });
    const before = [helmet(), cors({ origin: "https://app.test" }), compression({ threshold: 0 }), log];
    site = await openSite({
      express,
      mount(app, { gate, forwarder }) {
        app.use(...before, session({ secret: "for this test only", resave: false, saveUninitialized: true }));
        app.use(gate, express.json());
        app.use("/v1", (req, res, next) => {
          res.set("x-seen", JSON.stringify(req.body) === JSON.stringify(clearedCall(req).body) ? "same" : "other");
          next();
        });
        app.use("/v1", forwarder);
      },
    });
  });

  afterAll(() => site.close());

  const asked = (dialect: Dialect, more: object = {}): Promise<Sent> =>
    requestOf(site, { dialect, as: "alice", headers: BROWSER, ...more });

  function expectDressed({ headers }: Pick<Received, "headers">): void {
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": "https://app.test",
      "content-encoding": "gzip",
      "set-cookie": [expect.stringMatching(/^connect\.sid=/)],
    });
  }

  it.each(DIALECTS)("$name is answered", async (dialect) => {
    const received = await send(site.port, await asked(dialect));
    expectDressed(received);
    expect(received.headers["x-seen"]).toBe("same");
    expect(gunzipSync(received.body).toString()).toContain("Hello");
  });

  it.each(DIALECTS)("$name is streamed", async (dialect) => {
    const { answer } = await open(site.port, await asked(dialect, { with: { stream: true } }));
    expectDressed(answer);
    const chunks: Buffer[] = [];
    for await (const chunk of answer.pipe(createGunzip()) as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toContain(dialect.cleanEnd);
  });

  it.each(DIALECTS)("$name is refused", async (dialect) => {
    const received = await send(site.port, await asked(dialect, { with: { model: "gpt-5-pro" } }));
    expectDressed(received);
    expect(JSON.parse(gunzipSync(received.body).toString())).toEqual(
      dialect.envelope("model_access_denied", expect.any(String)),
    );
  });

  it("everything was logged as the client saw it", async () => {
    while (logged.length < 9) await new Promise((resolve) => setImmediate(resolve));
    expect(logged).toEqual([...Array<string>(6).fill("200"), ...Array<string>(3).fill("403")]);
  });
});
