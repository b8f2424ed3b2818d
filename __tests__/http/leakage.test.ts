import { Denial } from "../../adapters/index";
import { memoryStore } from "../../adapters/stores/memory";
import { DIALECTS } from "../support/dialects";
import { check, FORMS, type Ask } from "../support/http-check";
import { send } from "../support/http-client";
import { EXPRESSES, openSite, type Site } from "../support/site";

describe.each(EXPRESSES)("what leaves the gate on %s", (_name, express) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ express, errors: { unauthorized: "typed" } });
  });
  afterAll(() => site.close());

  const TYPED = {
    error: { message: "Unauthorized", type: "invalid_request_error", param: null, code: "invalid_api_key" },
  };

  it("errors.unauthorized: 'typed' gives OpenAI's own 401, and changes nothing for Anthropic's clients", async () => {
    for (const dialect of DIALECTS) {
      for (const headers of [[], [["x-api-key", "nonsense-nonsense-nonsense"]] as const]) {
        const { status, text, headers: received } = await send(site.port, { path: dialect.path, headers });
        const expected = dialect.name === "messages" ? dialect.envelope("unauthorized", "Unauthorized") : TYPED;
        expect([status, JSON.parse(text)]).toEqual([401, expected]);
        expect([received["x-should-retry"], received["cache-control"]]).toEqual(["false", "no-store"]);
      }
    }
  });

  describe.each(DIALECTS)("$path", (dialect) => {
    const refusals: readonly (readonly [string, Ask, number])[] = [
      ["401", { dialect }, 401],
      ["403", { dialect, as: "gone" }, 403],
      ["403 on a model", { dialect, as: "alice", with: { model: "gpt-5-pro" } }, 403],
      ["404", { dialect, as: "alice", path: "/v1/nope" }, 404],
      ["400", { dialect, as: "alice", body: "{" }, 400],
    ];

    it.each(refusals)(
      "K04 K06 K08: %s names nobody, is not cached, and grants no origin",
      async (_what, ask, status) => {
        for (const form of FORMS) {
          const key = ask.as === undefined ? "" : await site.key(ask.as);
          const credential =
            form === "bearer" ? (["Authorization", `Bearer ${key}`] as const) : (["x-api-key", key] as const);
          const body = typeof ask.body === "string" ? ask.body : JSON.stringify(dialect.ask("Hello", ask.with));
          const received = await send(site.port, {
            path: ask.path ?? dialect.path,
            headers: [
              ...(key === "" ? [] : [credential]),
              ["Origin", "https://evil.test"],
              ["Content-Type", "application/json"],
            ],
            body,
          });
          expect(received.status).toBe(status);
          const said = JSON.stringify([received.headers, received.text]);
          expect(said).not.toMatch(/llmg_|@acme|engineers|analysts|sha256|\.js|node_modules|at \w+ \(/);
          expect(received.headers).toMatchObject({
            "cache-control": "no-store",
            vary: expect.stringMatching(/authorization/i) as unknown,
          });
          expect(Object.keys(received.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
          expect([received.headers["etag"], received.headers["set-cookie"]]).toEqual([undefined, undefined]);
        }
      },
    );
  });
});

describe("K02: an outage", () => {
  it("says no more than that, to the client; the log has the request's id and no secret", async () => {
    const sound = memoryStore();
    const fault = new Error(
      "password authentication failed for postgres://gate:hunter2@10.0.0.7/keys at /srv/gate/db.js",
    );
    let down = false;
    const site = await openSite({
      store: { ...sound, catalogue: (id: string) => (down ? Promise.reject(fault) : sound.catalogue(id)) },
    });
    site.keepSecret("hunter2");
    await site.key("alice");
    down = true;
    for (const dialect of DIALECTS) {
      const { text } = await check(
        site,
        { dialect, as: "alice" },
        { refused: "store_unavailable", reason: "store_unavailable" },
      );
      expect(text).not.toMatch(/postgres|hunter2|10\.0|srv/);
    }
    await site.close();
  });
});

describe("K10: nothing but the table", () => {
  it.each(["/metrics", "/debug", "/admin", "/healthz", "/v1/admin", "/v1/metrics", "/v1/keys"])(
    "%s is not mounted",
    async (path) => {
      const site = await openSite();
      const key = await site.key("root");
      const { status } = await send(site.port, { method: "GET", path, headers: [["x-api-key", key]] });
      expect(status).toBe(404);
      await site.close();
    },
  );
});

describe("D11: a store that gives less than the whole", () => {
  it("a missing group grants nothing", async () => {
    const sound = memoryStore();
    const store = {
      ...sound,
      findKey: async (id: string) => {
        const snapshot = await sound.findKey(id);
        return snapshot === null ? null : Object.freeze({ ...snapshot, groups: Object.freeze([]) });
      },
    };
    const site = await openSite({ store });
    for (const dialect of DIALECTS) {
      await check(site, { dialect, as: "alice" }, { refused: "api_key_access_disabled", reason: "no_groups" });
    }
    await site.close();
  });
});

describe("admission by the host", () => {
  it("runs after the key and before the body, refuses in the dialect, and gives back what it took", async () => {
    let taken = 0;
    const seen: (string | undefined)[] = [];
    const site = await openSite({
      admit(call) {
        seen.push(call.principal.user.email);
        if (call.principal.user.email.startsWith("bob")) {
          throw new Denial("rate_limited", { reason: "admission", headers: { "Retry-After": "30" } });
        }
        if (call.principal.user.email.startsWith("root")) throw new Error("limiter down at redis://u:p@host");
        taken += 1;
        return () => void (taken -= 1);
      },
    });
    for (const dialect of DIALECTS) {
      await check(site, { dialect }, { refused: "unauthorized", reason: "missing" });
      expect(seen).toEqual([]);
      await check(site, { dialect, as: "alice" }, {});
      await check(site, { dialect, as: "alice", body: "{" }, { refused: "invalid_body", reason: "invalid_json" });
      const { headers } = await check(
        site,
        { dialect, as: "bob", body: "{" },
        { refused: "rate_limited", reason: "admission" },
      );
      expect(headers["retry-after"]).toBe("30");
      await check(site, { dialect, as: "root" }, { refused: "internal_error", reason: "admission" });
      expect([taken, seen.splice(0).length]).toEqual([0, 4]);
    }
    await site.close();
  });
});
