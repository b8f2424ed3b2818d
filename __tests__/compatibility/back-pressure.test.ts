import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import compression from "compression";
import type { RequestHandler } from "express";
import { chat } from "../support/dialects";
import { requestOf } from "../support/http-check";
import { open, send } from "../support/http-client";
import { EXPRESSES, openSite, type Site } from "../support/site";

const MEGABYTE = 1_048_576;
const plain: RequestHandler = (_req, _res, next) => next();

/** Resolves when a number has not grown for a while. */
async function settled(read: () => number): Promise<void> {
  let quiet = 0;
  while (quiet < 10) {
    const before = read();
    await new Promise((resolve) => setTimeout(resolve, 10));
    quiet = read() === before ? quiet + 1 : 0;
  }
}

describe.each(EXPRESSES)("A handler behind the gate on %s", (_name, express) => {
  let site: Site;

  afterEach(() => site.close());

  async function openWith(before: RequestHandler, handler: RequestHandler): Promise<void> {
    site = await openSite({ express, mount: (app, { gate }) => void app.use(before, gate, handler) });
  }

  const BEFORE = [
    ["nothing", plain],
    ["compression()", compression({ threshold: 0 })],
  ] as const;

  it.each(BEFORE)("pipes a long answer, with %s before the gate", async (_before, before) => {
    const answer = JSON.stringify(chat.answer(randomBytes(MEGABYTE).toString("base64")));
    await openWith(before, (_req, res) => {
      res.type("json");
      Readable.from(answer.match(/.{1,16384}/gs) ?? []).pipe(res);
    });
    const { headers = [], ...rest } = await requestOf(site, { dialect: chat, as: "alice" });
    const received = await send(site.port, { ...rest, headers });
    expect(received.text).toBe(answer);
  });

  it.each(BEFORE)("is told to wait while nobody reads, with %s before the gate", async (_before, before) => {
    const [event = ""] = chat.events(randomBytes(48_000).toString("base64")).slice(1);
    let written = 0;
    await openWith(before, (_req, res) => {
      res.type("text/event-stream");
      const more = async (): Promise<void> => {
        while (written < 64 * MEGABYTE && !res.destroyed) {
          written += event.length;
          if (!res.write(event)) await once(res, "drain");
        }
      };
      more().catch(() => undefined);
    });
    const { answer, leave } = await open(
      site.port,
      await requestOf(site, { dialect: chat, as: "alice", with: { stream: true } }),
    );
    answer.pause();
    await settled(() => written);
    leave();
    expect(written).toBeGreaterThan(event.length);
    expect(written).toBeLessThan(16 * MEGABYTE);
    await site.recorded(({ outcome }) => outcome === "client_aborted");
  });
});
