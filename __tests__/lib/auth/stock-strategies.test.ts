import { execFile } from "node:child_process";
import http from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { Passport } from "passport";
import { HeaderAPIKeyStrategy } from "passport-headerapikey";
import { Strategy as BearerStrategy } from "passport-http-bearer";
import request from "supertest";
import { firstPresented } from "../../../lib/auth/first-presented";
import { runStrategy } from "../../../lib/auth/run-strategy";
import type { KeyJudgement } from "../../../lib/auth/verdict";
import { userOf } from "../../support/arbitrary-policy";
import { keyFixture } from "../../support/key-fixture";

/*
 * What passport-http-bearer 1.0.1 and passport-headerapikey 1.2.2 get wrong, each fault shown on the stock strategy
 * first and then shown to be gone. If a "stock" half fails after an update, the strategy changed: judge it anew.
 */

const ALICE = "alice-alice-alice-alice";
const BOB = "bob-bob-bob-bob-bob-bob";
const KEYS = new Map(
  [ALICE, BOB].map((token) => {
    const { snapshot } = keyFixture({}, { user: { ...userOf("user"), email: token.slice(0, token.indexOf("-")) } });
    return [token, { ok: true, snapshot, stale: false } satisfies KeyJudgement];
  }),
);
const REFUSED: KeyJudgement = { ok: false, reason: "unknown_key", keyId: null };
const verifyKey = (token: string): KeyJudgement => KEYS.get(token) ?? REFUSED;

type Done = (error: unknown, user?: unknown, info?: unknown) => void;
const stockVerify = (token: unknown, done: Done) => done(null, KEYS.has(token as string) && { email: String(token) });

function appWith(names: string | string[], ...strategies: object[]): express.Express {
  const passport = new Passport();
  for (const strategy of strategies) passport.use(strategy as never);
  const app = express();
  app.use(express.json());
  app.use(passport.authenticate(names, { session: false }));
  app.use((req, res) => void res.json(req.user));
  return app;
}

const stockBearer = () => appWith("bearer", new BearerStrategy(stockVerify));
const stockApiKey = () =>
  appWith("headerapikey", new HeaderAPIKeyStrategy({ header: "X-Api-Key", prefix: "" }, false, stockVerify));
const ours = () => appWith("llm-gate", firstPresented({ verifyKey }));

describe("a strategy shared by overlapping requests", () => {
  /** Two requests, the first still being verified when the second arrives: who got which user? */
  async function overlap(start: (name: string, token: string, seen: Done) => void, release: () => void) {
    const seen: string[] = [];
    const watch = (name: string): Done => {
      return (_error, user) => void seen.push(`${name} is ${(user as { email?: string }).email}`);
    };
    start("A", ALICE, watch("A"));
    start("B", BOB, watch("B"));
    release();
    await new Promise((resolve) => setTimeout(resolve, 10));
    return seen;
  }

  it("stock: answers one request with the other's user", async () => {
    const waiting: (() => void)[] = [];
    const strategy = new BearerStrategy((token, done) => waiting.push(() => done(null, { email: token })));
    const passport = new Passport();
    const start = (_name: string, token: string, seen: Done) => {
      const middleware = passport.authenticate(strategy, { session: false }, seen) as (...args: unknown[]) => void;
      middleware({ headers: { authorization: `Bearer ${token}` } }, {}, () => {});
    };
    const seen = await overlap(start, () => waiting.forEach((go) => go()));
    expect(seen).toEqual([`B is ${ALICE}`, `B is ${BOB}`]);
  });

  it("ours: each request has its own", async () => {
    const waiting: (() => void)[] = [];
    const slowly = (token: string) =>
      new Promise<KeyJudgement>((resolve) => waiting.push(() => resolve(verifyKey(token))));
    const passport = new Passport();
    passport.use(firstPresented({ verifyKey: slowly }));
    const start = (_name: string, token: string, seen: Done) => {
      const named = (error: unknown, user: unknown) => seen(error, (user as { user: object }).user);
      const middleware = passport.authenticate("llm-gate", { session: false }, named) as (...args: unknown[]) => void;
      middleware({ rawHeaders: ["Authorization", `Bearer ${token}`] }, {}, () => {});
    };
    const seen = await overlap(start, () => waiting.reverse().forEach((go) => go()));
    expect(seen.sort()).toEqual(["A is alice", "B is bob"]);
  });
});

describe("a token that is not in the header", () => {
  const places = (app: express.Express) => [
    request(app).get(`/?access_token=${ALICE}`),
    request(app).post("/").send({ access_token: ALICE }),
  ];

  it("stock: is taken from query and body, and need not be text", async () => {
    for (const sent of places(stockBearer())) await sent.expect(200);
    const handed: unknown[] = [];
    const app = appWith(
      "bearer",
      new BearerStrategy((token, done) => {
        handed.push(token);
        done(null, false);
      }),
    );
    await request(app)
      .post("/")
      .send({ access_token: { $ne: null } })
      .expect(401);
    expect(handed).toEqual([{ $ne: null }]);
  });

  it("ours: is no credential", async () => {
    for (const sent of places(ours())) await sent.expect(401);
    await request(ours())
      .post("/")
      .send({ access_token: { $ne: null } })
      .expect(401);
  });
});

describe("a wrong credential beside a good one", () => {
  const rescues = (app: express.Express) =>
    ["Bearer wrong-wrong-wrong-wrong", "Bearer", "Basic abc", ""].map((authorization) =>
      request(app).get("/").set("Authorization", authorization).set("x-api-key", ALICE),
    );

  it("stock: is rescued, since absent and refused are the same", async () => {
    const both = appWith(
      ["bearer", "headerapikey"],
      new BearerStrategy(stockVerify),
      new HeaderAPIKeyStrategy({ header: "X-Api-Key", prefix: "" }, false, stockVerify),
    );
    for (const sent of rescues(both)) await sent.expect(200);
  });

  it("ours: decides alone", async () => {
    for (const sent of rescues(ours())) await sent.expect(401);
  });
});

describe("a malformed or refused credential", () => {
  it("stock: gives 400 without a challenge, or 401 without one, or crashes on what the verifier says", async () => {
    const twoSpaces = await request(stockBearer()).get("/").set("Authorization", `Bearer  ${ALICE}`).expect(400);
    expect(twoSpaces.headers["www-authenticate"]).toBeUndefined();
    const refused = await request(stockApiKey()).get("/").set("x-api-key", "wrong").expect(401);
    expect(refused.headers["www-authenticate"]).toBeUndefined();
    const split = new BearerStrategy((_token, done) => done(null, false, "a\r\nb: c"));
    const crash = await request(appWith("bearer", split)).get("/").set("Authorization", "Bearer x");
    expect(crash.text).toContain("Invalid character in header content");
    const numbered = new HeaderAPIKeyStrategy({ header: "X-Api-Key", prefix: "" }, false, (_key, done) =>
      done(null, false, 200),
    );
    await request(appWith("headerapikey", numbered)).get("/").set("x-api-key", "x").expect(200);
  });

  it("ours: is 401 with a challenge of fixed text", async () => {
    await request(ours()).get("/").set("Authorization", `Bearer  ${ALICE}`).expect(200);
    for (const value of ["Bearer", `Bearer\t${ALICE}`, `Bearer ${ALICE} x`, "Bearer wrong-wrong-wrong-wrong"]) {
      const answer = await request(ours()).get("/").set("Authorization", value).expect(401);
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer realm="llm-gate"(, error="invalid_token")?$/);
    }
    const apiKey = await request(ours()).get("/").set("x-api-key", "wrong-wrong-wrong-wrong").expect(401);
    expect(apiKey.headers["www-authenticate"]).toBe('Bearer realm="llm-gate", error="invalid_token"');
  });
});

describe("a header sent twice", () => {
  async function statusOf(app: express.Express, name: string, values: readonly string[]): Promise<number | undefined> {
    const server = app.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const headers = ["Host", "x", "Connection", "close", ...values.flatMap((value) => [name, value])];
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = http.get({ host: "127.0.0.1", port, headers: headers as never }, (res) => {
        res.resume().on("end", () => resolve(res.statusCode));
      });
      sent.on("error", reject);
    });
    await new Promise((resolve) => server.close(resolve));
    return status;
  }
  const lines = [`Bearer ${ALICE}`, `Bearer ${BOB}`];

  it("stock: the first counts and nobody notices the second", async () => {
    expect(await statusOf(stockBearer(), "Authorization", lines)).toBe(200);
  });

  it("ours: is refused", async () => {
    expect(await statusOf(ours(), "Authorization", lines)).toBe(401);
    expect(await statusOf(ours(), "x-api-key", [ALICE, ALICE])).toBe(401);
  });
});

describe("an asynchronous verifier", () => {
  const resolved = (path: string) => JSON.stringify(require.resolve(path));

  /** Runs a script in a process of its own, since its death is what is looked for. */
  function run(script: string): Promise<{ code: number; output: string }> {
    return new Promise((resolve) => {
      const child = execFile(process.execPath, ["-e", script], (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, output: stdout + stderr });
      });
    });
  }

  const stock = `
    const { Passport } = require(${resolved("passport")});
    const { Strategy } = require(${resolved("passport-http-bearer")});
    const passport = new Passport();
    const ask = (verify, callback) => {
      passport.use(new Strategy(verify));
      passport.authenticate("bearer", { session: false }, callback)({ headers: { authorization: "Bearer x" } }, {}, () => {});
    };`;
  const guarded = `
    const { Passport } = require(${resolved("passport")});
    const { firstPresented } = require(${resolved("../../../lib/auth/first-presented")});
    const passport = new Passport();
    const ask = (verifyKey, callback) => {
      passport.use(firstPresented({ verifyKey }));
      const rawHeaders = ["authorization", "Bearer " + "x".repeat(20)];
      passport.authenticate("llm-gate", { session: false }, callback)({ rawHeaders }, {}, () => {});
    };`;
  const broken = `
    ask(async () => { throw new Error("store down"); }, (error) => console.log("told: " + error.message));
    setTimeout(() => console.log("alive"), 50);`;
  const surviving = `process.on("unhandledRejection", (error) => console.log("unhandled: " + error.message));`;
  const throwing = `(error, user) => { console.log("called back"); throw new Error("the host's own"); }`;

  it("stock: takes the process down when it rejects", async () => {
    const { code, output } = await run(stock + broken);
    expect(code).toBe(1);
    expect(output).not.toMatch(/^told/m);
  });

  it("ours: is an error of that request", async () => {
    expect(await run(guarded + broken)).toEqual({ code: 0, output: "told: store down\nalive\n" });
  });

  it("stock: is called back again with what the host threw", async () => {
    const verify = `(token, done) => { Promise.resolve({}).then((user) => done(null, user)).catch(done); }`;
    const { output } = await run(`${surviving}${stock} ask(${verify}, ${throwing});`);
    expect(output.match(/called back/g)).toHaveLength(2);
  });

  it.each([
    "async () => REFUSED",
    "() => REFUSED",
    "async () => { throw 0; }",
    "() => { throw new Error('at once'); }",
  ])("ours: calls back once, whatever the host throws: %s", async (verify) => {
    const refused = `const REFUSED = { ok: false, reason: "unknown_key", keyId: null };`;
    const { output } = await run(`${surviving}${guarded}${refused} ask(${verify}, ${throwing});`);
    expect(output).toBe("called back\nunhandled: the host's own\n");
  });
});

describe("a verifier that fails", () => {
  it.each([
    [
      "at once",
      () => {
        throw new Error("store down");
      },
    ],
    ["later", () => Promise.reject(new Error("store down"))],
    ["later, with no error", () => Promise.reject(undefined as unknown as Error)],
  ])("%s makes an error, never a refusal", async (_name, verify: () => never | Promise<never>) => {
    const { verifyPresented } = firstPresented({ verifyKey: verify });
    await expect(verifyPresented(["Authorization", `Bearer ${ALICE}`])).rejects.toBeInstanceOf(Error);
    await expect(verifyPresented(["x-api-key", ALICE])).rejects.toBeInstanceOf(Error);
  });
});

describe("a strategy that decides nothing", () => {
  it.each(["pass", "redirect"])("is an error, not an admission: %s", async (action) => {
    const strategy = {
      authenticate(this: Record<string, () => void>) {
        this[action]?.();
      },
    };
    await expect(runStrategy(strategy as never, {})).rejects.toThrow(/neither accepted nor refused/);
  });

  it("is a refusal when it fails without asking the verifier, or against it", async () => {
    const fails = { authenticate: (view: { judgement: unknown }) => void (view.judgement = KEYS.get(ALICE)) };
    const failing = {
      authenticate(this: { fail(): void }, view: { judgement: unknown }) {
        fails.authenticate(view);
        this.fail();
      },
    };
    expect(await runStrategy(failing as never, {})).toMatchObject({ ok: false, reason: "malformed" });
  });

  it("is an error when it throws", async () => {
    const thrower = {
      authenticate() {
        throw new Error("broken");
      },
    };
    await expect(runStrategy(thrower, {})).rejects.toThrow("broken");
  });
});
