import cors from "cors";
import type { Express } from "express";
import helmet from "helmet";
import { chat, DIALECTS } from "../support/dialects";
import { send, type Received } from "../support/http-client";
import { requestOf } from "../support/http-check";
import { EXPRESSES, openSite, type Site, type SiteOptions } from "../support/site";

const ORIGIN = ["Origin", "https://app.test"] as const;
const PREFLIGHT = [
  ORIGIN,
  ["Access-Control-Request-Method", "POST"],
  ["Access-Control-Request-Headers", "authorization,content-type"],
] as const;
const browsers = cors({ origin: /\.test$/, credentials: true, exposedHeaders: "x-request-id" });

describe.each(EXPRESSES)("Beside the gate on %s,", (_name, express) => {
  let site: Site;

  async function openWith(use: (app: Express, gate: Parameters<NonNullable<SiteOptions["mount"]>>[1]["gate"]) => void) {
    site = await openSite({
      express,
      mount(app, { gate, forwarder }) {
        use(app, gate);
        app.use("/v1", forwarder);
      },
    });
  }

  afterEach(() => site.close());

  async function post(dialect = chat, as: string | null = "alice", headers = [ORIGIN]): Promise<Received> {
    return send(site.port, await requestOf(site, { dialect, headers, ...(as !== null && { as }) }));
  }

  describe("helmet() before it", () => {
    beforeEach(() => openWith((app, gate) => void app.use(helmet()).use(gate)));

    it.each(DIALECTS)("puts its headers on answers and refusals of $name", async (dialect) => {
      for (const received of [await post(dialect), await post(dialect, null), await post(dialect, "nobody")]) {
        expect(received.headers["x-content-type-options"]).toBe("nosniff");
        expect(received.headers["strict-transport-security"]).toMatch(/^max-age=/);
        expect(received.headers["content-security-policy"]).toMatch(/^default-src/);
        expect(received.headers).not.toHaveProperty("x-powered-by");
      }
    });
  });

  describe("cors() before it", () => {
    beforeEach(() => openWith((app, gate) => void app.use(browsers).use(gate)));

    it("answers a pre-flight, which has no key, and nothing is on record", async () => {
      const received = await send(site.port, { method: "OPTIONS", path: chat.path, headers: PREFLIGHT });
      expect(received.status).toBe(204);
      expect(received.headers["access-control-allow-origin"]).toBe("https://app.test");
      expect(received.headers["access-control-allow-headers"]).toBe("authorization,content-type");
      expect(await site.trail()).toEqual([]);
    });

    it("lets a page read answers and refusals, and says that they differ by origin and by key", async () => {
      for (const received of [await post(), await post(chat, null)]) {
        expect(received.headers["access-control-allow-origin"]).toBe("https://app.test");
        expect(received.headers["access-control-expose-headers"]).toBe("x-request-id");
        expect(received.headers["vary"]).toMatch(/\bOrigin\b/);
      }
      expect((await post(chat, null)).headers["vary"]).toBe("Origin, Authorization, x-api-key");
    });
  });

  describe("cors() behind it", () => {
    beforeEach(() => openWith((app, gate) => void app.use(gate).use(browsers)));

    it("never sees a pre-flight: OPTIONS is 401 without a key and 405 with one", async () => {
      const without = await send(site.port, { method: "OPTIONS", path: chat.path, headers: PREFLIGHT });
      expect(without.status).toBe(401);
      const key = ["Authorization", `Bearer ${await site.key("alice")}`] as const;
      const withKey = await send(site.port, { method: "OPTIONS", path: chat.path, headers: [...PREFLIGHT, key] });
      expect([withKey.status, withKey.headers.allow]).toEqual([405, "POST"]);
      for (const { headers } of [without, withKey])
        expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    });
  });

  it("without cors() no answer and no refusal says anything about origins", async () => {
    await openWith((app, gate) => void app.use(gate));
    for (const { headers } of [await post(), await post(chat, null), await post(chat, "nobody")])
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });
});
