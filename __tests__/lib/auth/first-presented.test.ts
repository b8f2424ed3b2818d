import http from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { Passport } from "passport";
import request from "supertest";
import { firstPresented } from "../../../lib/auth/first-presented";
import { createSnapshots } from "../../../lib/auth/snapshot-cache";
import type { Verdict } from "../../../lib/auth/verdict";
import { createKeyVerifier } from "../../../lib/auth/verify-key";
import { ConfigurationError } from "../../../lib/denial";
import { faultStore } from "../../support/fault-store";
import { userOf } from "../../support/arbitrary-policy";
import { handClock, keyFixture, listLogger, peppers } from "../../support/key-fixture";

const alice = keyFixture({}, { user: { ...userOf("user"), email: "alice@acme.test" } });
const bob = keyFixture({}, { user: { ...userOf("user"), email: "bob@acme.test" } });
const revoked = keyFixture({ revokedAt: 1 });
const suspended = keyFixture({}, { user: userOf("user", "suspended") });
const unknown = keyFixture();

const store = faultStore();
for (const { id, snapshot } of [alice, bob, revoked, suspended]) store.keys.set(id, snapshot);
const clock = handClock();
const snapshots = createSnapshots({ store, clock, logger: listLogger() });
const gate = firstPresented({ verifyKey: createKeyVerifier({ snapshots, peppers, clock }), realm: "acme" });

/** Header lines travel over a real socket, so that what is judged is what Node's parser hands on. */
const server = http.createServer((req, res) => {
  void gate.verifyPresented(req.rawHeaders).then((verdict) => res.end(JSON.stringify(verdict)));
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

function verdictOn(...lines: readonly (readonly [string, string])[]): Promise<Verdict> {
  const { port } = server.address() as AddressInfo;
  const headers = [["Host", "127.0.0.1"], ["Connection", "close"], ...lines].flat();
  return new Promise((resolve, reject) => {
    const sent = http.request({ port, host: "127.0.0.1", headers: headers as never }, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      res.on("end", () => resolve(JSON.parse(text) as Verdict));
    });
    sent.on("error", reject).end();
  });
}

const bearer = (key: string, scheme = "Bearer ") => ["Authorization", scheme + key] as const;
const apiKey = (key: string) => ["x-api-key", key] as const;
const who = (verdict: Verdict) => (verdict.ok ? verdict.snapshot.user.email : verdict.reason);

describe("the header presented first decides alone", () => {
  it.each([
    ["a bearer token", [bearer(alice.key)], { form: "bearer", bothHeaders: false }],
    ["an API key", [apiKey(alice.key)], { form: "x-api-key", bothHeaders: false }],
    ["the scheme in any case", [bearer(alice.key, "bEARER ")], { form: "bearer" }],
    ["more than one space", [bearer(alice.key, "Bearer   ")], { form: "bearer" }],
    ["white space around an API key", [apiKey(` \t${alice.key}\t `)], { form: "x-api-key" }],
    ["white space around Authorization", [bearer(alice.key, " \t Bearer "), apiKey("x")], { form: "bearer" }],
    ["the same key in both", [bearer(alice.key), apiKey(alice.key)], { form: "bearer", bothHeaders: false }],
    ["two keys: the bearer acts", [bearer(alice.key), apiKey(bob.key)], { form: "bearer", bothHeaders: true }],
    ["the other order of lines", [apiKey(bob.key), bearer(alice.key)], { form: "bearer", bothHeaders: true }],
    ["a bad API key beside it", [bearer(alice.key), apiKey("")], { form: "bearer" }],
    ["two API keys beside it", [bearer(alice.key), apiKey(bob.key), apiKey(bob.key)], { form: "bearer" }],
  ])("accepts %s", async (_name, lines, expected) => {
    const verdict = await verdictOn(...lines);
    expect(who(verdict)).toBe("alice@acme.test");
    expect(verdict).toMatchObject({ ok: true, stale: false, ...expected });
  });

  const good = apiKey(alice.key);
  it.each([
    ["nothing", [], "missing"],
    ["an empty Authorization", [["Authorization", ""], good], "malformed"],
    ["Authorization of white space", [["Authorization", "  "], good], "malformed"],
    ["a bare scheme", [["Authorization", "Bearer"], good], "malformed"],
    ["a scheme without token", [["Authorization", "Bearer    "], good], "malformed"],
    ["Basic", [["Authorization", `Basic ${alice.key}`], good], "malformed"],
    ["a token without scheme", [["Authorization", alice.key], good], "malformed"],
    ["a TAB", [bearer(alice.key, "Bearer\t"), good], "malformed"],
    ["an extra word", [bearer(`${alice.key} x`), good], "malformed"],
    ["a comma", [bearer(`${alice.key},`), good], "malformed"],
    ["two tokens joined by a comma", [bearer(`${alice.key}, Bearer ${alice.key}`), good], "malformed"],
    ["emoji as Latin-1", [bearer(Buffer.from("🔑🔑🔑🔑🔑").toString("latin1")), good], "malformed"],
    ["8 KiB of A", [bearer("A".repeat(8192)), good], "malformed"],
    ["quotes", [bearer("' OR 1=1-- aaaaaaaaaa"), good], "malformed"],
    ["two Authorization lines", [bearer(alice.key), bearer(alice.key)], "duplicate_credential"],
    ["two API key lines", [good, good], "duplicate_credential"],
    ["an API key with a comma", [apiKey(`${alice.key}, ${alice.key}`)], "duplicate_credential"],
    ["an empty API key", [apiKey("")], "malformed"],
    ["8 KiB of A as API key", [apiKey("A".repeat(8192))], "malformed"],
    [
      "other names",
      [
        ["api-key", alice.key],
        ["x-goog-api-key", alice.key],
        ["X_API_KEY", alice.key],
      ],
      "missing",
    ],
    ["a cookie", [["Cookie", `access_token=${alice.key}; x-api-key=${alice.key}`]], "missing"],
  ] as const)("refuses %s, with no look-up and nothing judged", async (_name, lines, reason) => {
    const before = { ...store.asked };
    expect(await verdictOn(...lines)).toEqual({
      ...{ ok: false, reason, judged: false },
      ...{ keyId: null, form: null, bothHeaders: false },
    });
    expect(store.asked).toEqual(before);
  });

  it.each([
    ["unknown", unknown.key, "unknown_key", unknown.id],
    ["revoked", revoked.key, "revoked", revoked.id],
    ["no key of ours", "a".repeat(40), "malformed", null],
    ["damaged", `${alice.key.slice(0, -1)}${alice.key.endsWith("0") ? "1" : "0"}`, "bad_checksum", null],
  ])("never lets the API key rescue a bearer token that is %s", async (_name, key, reason, keyId) => {
    const refusal = { ok: false, reason, judged: true, keyId };
    const rescue = { form: "bearer", bothHeaders: true };
    expect(await verdictOn(bearer(key), good)).toEqual({ ...refusal, ...rescue });
    expect(await verdictOn(apiKey(key))).toEqual({ ...refusal, form: "x-api-key", bothHeaders: false });
  });

  it("keeps 200 overlapping requests of two users apart", async () => {
    const keys = Array.from({ length: 200 }, (_, n) => (n % 2 ? alice : bob));
    store.changed({ subject: "organization", subjectId: "o1" });
    clock.advance(500);
    const verdicts = await Promise.all(
      keys.map(({ key }, n) => gate.verifyPresented(n % 3 ? ["Authorization", `Bearer ${key}`] : ["X-Api-Key", key])),
    );
    expect(verdicts.map(who)).toEqual(keys.map(({ snapshot }) => snapshot.user.email));
  });
});

describe("as a Passport strategy", () => {
  const passport = new Passport();
  passport.use(gate);
  const app = express();
  app.use(express.json());
  app.use(passport.authenticate("llm-gate", { session: false }));
  app.use((req, res) => void res.json({ user: req.user, info: req.authInfo }));
  const tell: express.ErrorRequestHandler = (error: { code?: string }, _req, res, next) => {
    if (res.headersSent) next(error);
    else res.status(503).json({ code: error.code });
  };
  app.use(tell);

  it("gives the host its user", async () => {
    const answer = await request(app).get("/").set("x-api-key", alice.key).expect(200);
    expect(answer.body).toMatchObject({
      user: { keyId: alice.id, user: { email: "alice@acme.test" } },
      info: { form: "x-api-key", bothHeaders: false, stale: false },
    });
  });

  it("challenges, with an error only for a credential that was judged", async () => {
    const none = await request(app).get("/").expect(401);
    const wrong = await request(app).get("/").set("x-api-key", unknown.key).expect(401);
    expect(none.headers["www-authenticate"]).toBe('Bearer realm="acme"');
    expect(wrong.headers["www-authenticate"]).toBe('Bearer realm="acme", error="invalid_token"');
    expect(wrong.text).toBe(none.text);
  });

  it("reads no key from query, body or URL", async () => {
    const path = `/?access_token=${alice.key}&api_key=${alice.key}&key=${alice.key}`;
    await request(app).post(path).send({ access_token: alice.key, "x-api-key": alice.key }).expect(401);
    await request(app).get("/").auth("x", alice.key).expect(401);
  });

  it("refuses suspended users", async () => {
    await request(app).get("/").set("x-api-key", suspended.key).expect(403);
  });

  it("hands on an outage as an error, never as a refusal", async () => {
    store.fault = () => Promise.reject(new Error("gone"));
    clock.advance(500);
    const answer = await request(app).get("/").set("x-api-key", unknown.key).expect(503);
    expect(answer.body).toEqual({ code: "store_unavailable" });
    store.fault = () => undefined;
  });

  it("cannot be used as an instance", () => {
    const middleware = passport.authenticate(gate, { session: false }) as (...args: unknown[]) => void;
    const attempt = () => middleware({ rawHeaders: ["x-api-key", alice.key], headers: {} }, {}, () => {});
    expect(attempt).toThrow(ConfigurationError);
  });

  it.each(['a"b', "a\\b", "a\r\nb", "", "é"])("refuses the realm %j at start-up", (realm) => {
    expect(() => firstPresented({ verifyKey: () => ({ ok: false, reason: "revoked", keyId: null }), realm })).toThrow(
      ConfigurationError,
    );
  });
});
