import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createGunzip, gunzipSync } from "node:zlib";
import compression from "compression";
import type { RequestHandler } from "express";
import { chat, DIALECTS, type Dialect } from "../support/dialects";
import { open, send, type Sent } from "../support/http-client";
import { dlp, group, HOUSE, user } from "../support/house-policy";
import { begun, json, streamed } from "../support/scripted-upstream";
import { EXPRESSES, openSite, type Site } from "../support/site";

const LONG = "All work and no play makes a long answer. ".repeat(60);
const CARD = "4111 1111 1111 1111";

const POLICY = {
  ...HOUSE,
  groups: [...HOUSE.groups, group("careful", { models: ["*"], dlp: dlp({ response: { CREDIT_CARD: "redact" } }) })],
  users: [...HOUSE.users, user("careful", ["careful"])],
};

describe.each(EXPRESSES)("compression() beside the gate on %s", (_name, express) => {
  let site: Site;
  /** Who was to hear, behind compression(), that there is room again. */
  const waiting: unknown[] = [];
  const countingDrains: RequestHandler = (_req, res, next) => {
    const on = res.on.bind(res);
    waiting.length = 0;
    const counting = (event: string, listener: () => void): typeof res => {
      if (event === "drain") waiting.push(listener);
      return on(event as "drain", listener);
    };
    Object.assign(res, { on: counting });
    next();
  };

  async function ask(name: string, dialect: Dialect, more: object = {}): Promise<Sent> {
    const key = await site.key(name);
    const headers = [
      ["Authorization", `Bearer ${key}`],
      ["Content-Type", "application/json"],
      ["Accept-Encoding", "gzip, deflate"],
    ] as const;
    return { path: dialect.path, headers, body: JSON.stringify(dialect.ask("Hello", more)) };
  }

  afterEach(() => site.close());

  describe("before it", () => {
    beforeEach(async () => {
      site = await openSite({
        ...{ express, policy: POLICY },
        mount(app, { gate, forwarder }) {
          app.use(compression({ threshold: 0 }));
          app.use(countingDrains);
          app.use(gate);
          app.use("/v1", forwarder);
        },
      });
    });

    it.each(DIALECTS)("compresses a forwarded $name answer, whole", async (dialect) => {
      site.upstream.next(json(dialect.answer(LONG)));
      const received = await send(site.port, await ask("alice", dialect));
      expect(received.headers["content-encoding"]).toBe("gzip");
      expect(received.headers["vary"]).toMatch(/accept-encoding/i);
      expect(JSON.parse(gunzipSync(received.body).toString())).toEqual(dialect.answer(LONG));
      expect(received.body.length).toBeLessThan(LONG.length / 4);
    });

    it("compresses what the policy left of an answer", async () => {
      site.upstream.next(json(chat.answer(`${LONG} ${CARD}`)));
      const received = await send(site.port, await ask("careful", chat));
      const text = gunzipSync(received.body).toString();
      expect(text).toContain("[CREDIT_CARD]");
      expect(text).not.toContain(CARD);
    });

    it("lets the events of a stream out one by one", async () => {
      const [first = "", second = "", ...rest] = chat.events("one", "two");
      let finish = (): void => undefined;
      site.upstream.next(begun([first, second], (res) => (finish = () => void res.end(rest.join("")))));
      const { answer } = await open(site.port, await ask("alice", chat, { stream: true }));
      expect(answer.headers["content-encoding"]).toBe("gzip");
      const plain = answer.pipe(createGunzip()).setEncoding("utf8");
      let text = "";
      plain.on("data", (chunk: string) => (text += chunk));
      while (!text.includes('"one"')) await once(plain, "data");
      expect(text).not.toContain('"two"');
      finish();
      await once(plain, "end");
      expect(text).toBe([first, second, ...rest].join(""));
    });

    it("lets a slow reader have a long stream, without piling up listeners", async () => {
      const texts = Array.from({ length: 120 }, () => randomBytes(24_000).toString("base64"));
      site.upstream.next(streamed(chat.events(...texts)));
      const { answer } = await open(site.port, await ask("alice", chat, { stream: true }));
      const chunks: Buffer[] = [];
      for await (const chunk of answer.pipe(createGunzip()) as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(Buffer.concat(chunks).toString()).toBe(chat.events(...texts).join(""));
      expect(waiting.length).toBeGreaterThan(0);
      expect(waiting.length).toBeLessThan(5);
    });

    it("keeps the status and the envelope of a refusal", async () => {
      const { headers = [], ...rest } = await ask("alice", chat);
      const received = await send(site.port, { ...rest, headers: headers.slice(1) });
      expect(received.status).toBe(401);
      expect(JSON.parse(gunzipSync(received.body).toString())).toEqual({ error: "Unauthorized" });
    });
  });

  it("behind it has nothing to do: handlers are asked for plain answers, so that they can be inspected", async () => {
    site = await openSite({
      ...{ express, policy: POLICY },
      mount(app, { gate }) {
        app.use(gate);
        app.use(compression({ threshold: 0 }));
        app.post("/v1/chat/completions", (_req, res) => void res.json(chat.answer(`${LONG} ${CARD}`)));
      },
    });
    const received = await send(site.port, await ask("careful", chat));
    expect(received.headers["content-encoding"]).toBeUndefined();
    expect(received.text).toContain("[CREDIT_CARD]");
    expect(received.text).not.toContain(CARD);
  });
});
