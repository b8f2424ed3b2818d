import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { RequestHandler } from "express";
import { chat, DIALECTS } from "../support/dialects";
import { check, requestOf } from "../support/http-check";
import { open } from "../support/http-client";
import { EXPRESSES, openSite, type Site } from "../support/site";

const folder = mkdtempSync(path.join(tmpdir(), "gate-tap-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(EXPRESSES)("an ordinary handler's answer on %s", (_name, express) => {
  let site: Site;
  let handler: RequestHandler;
  beforeAll(async () => {
    site = await openSite({
      express,
      mount: (app, { gate }) => void app.use(gate, (req, res, next) => handler(req, res, next)),
    });
  });
  afterAll(() => site.close());

  const ANSWER = chat.answer("Hello");
  const TEXT = JSON.stringify(ANSWER);
  const JSON_TYPE = { "content-type": "application/json" };
  const ask = { dialect: chat, as: "alice" } as const;

  it.each<[string, RequestHandler]>([
    ["res.json", (_req, res) => void res.json(ANSWER)],
    ["res.send of an object", (_req, res) => void res.send(ANSWER)],
    ["res.send of text", (_req, res) => void res.type("json").send(TEXT)],
    ["res.send of bytes", (_req, res) => void res.type("json").send(Buffer.from(TEXT))],
    ["res.end", (_req, res) => void res.setHeader("content-type", "application/json").end(TEXT)],
    ["res.end in latin1", (_req, res) => void res.type("json").end(Buffer.from(TEXT).toString("latin1"), "latin1")],
    [
      "res.write and res.end",
      (_req, res) => {
        res.type("json");
        res.write(TEXT.slice(0, 5));
        res.write(TEXT.slice(5, 9));
        res.end(TEXT.slice(9));
      },
    ],
    ["writeHead with an object", (_req, res) => void res.writeHead(200, JSON_TYPE).end(TEXT)],
    ["writeHead with a reason", (_req, res) => void res.writeHead(200, "Fine", JSON_TYPE).end(TEXT)],
    [
      "writeHead with a flat list",
      (_req, res) => void res.writeHead(200, ["content-type", "application/json"]).end(TEXT),
    ],
    [
      "flushHeaders first",
      (_req, res) => {
        res.type("json").flushHeaders();
        res.end(TEXT);
      },
    ],
    [
      "stream.pipeline",
      async (_req, res) => {
        res.type("json");
        await pipeline(Readable.from([TEXT.slice(0, 3), TEXT.slice(3)]), res);
      },
    ],
    [
      "pipe",
      (_req, res) => {
        res.type("json");
        Readable.from([Buffer.from(TEXT)]).pipe(res);
      },
    ],
  ])("by %s reaches the client as it is", async (_how, writes) => {
    handler = writes;
    for (const dialect of DIALECTS) {
      const { text, headers } = await check(site, { ...ask, dialect }, { upstream: 0 });
      expect([text, headers["content-length"]]).toEqual([TEXT, String(TEXT.length)]);
      expect(headers["content-type"]).toMatch(/^application\/json/);
    }
  });

  it("by res.sendFile reaches the client whole, whatever range it asked for", async () => {
    const file = path.join(folder, `${express === EXPRESSES[0][1] ? 5 : 4}.json`);
    writeFileSync(file, TEXT);
    handler = (_req, res) => res.sendFile(file);
    const { text, status } = await check(site, { ...ask, headers: [["Range", "bytes=0-3"]] }, { upstream: 0 });
    expect([status, text]).toEqual([200, TEXT]);
  });

  it("tells the handler the truth about what it did", async () => {
    const seen: unknown[] = [];
    handler = (_req, res) => {
      seen.push(res.headersSent, res.writableEnded);
      res.type("json").write(TEXT.slice(0, 4));
      seen.push(res.headersSent, res.writableEnded);
      res.end(TEXT.slice(4), () => seen.push("finished"));
      seen.push(res.headersSent, res.writableEnded);
    };
    await check(site, ask, { upstream: 0 });
    expect(seen).toEqual([false, false, true, false, true, true, "finished"]);
  });

  it("sends no header that was set after its head", async () => {
    handler = (_req, res) => {
      res.type("json").write(TEXT.slice(0, 4));
      res.setHeader("x-late", "1");
      res.removeHeader("content-type");
      res.end(TEXT.slice(4));
    };
    const { headers } = await check(site, ask, { upstream: 0 });
    expect([headers["x-late"], headers["content-type"]]).toEqual([undefined, "application/json; charset=utf-8"]);
  });

  it("streams events as they are written, with back-pressure", async () => {
    const [first = "", ...rest] = chat.events("x".repeat(30_000), "y".repeat(30_000), "z".repeat(30_000));
    const waits: boolean[] = [];
    handler = async (_req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.write(first);
      for (const event of rest.slice(0, -1)) {
        const more = res.write(event);
        waits.push(more);
        if (!more) await once(res, "drain");
      }
      res.end(rest.at(-1));
    };
    const { text } = await check(site, { ...ask, with: { stream: true } }, { upstream: 0 });
    expect(text).toBe([first, ...rest].join(""));
    expect(waits).toContain(true);
  });

  it("sends an event before the next is written", async () => {
    const [first = "", ...rest] = chat.events("Hello");
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    handler = async (_req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.write(first);
      await released;
      res.end(rest.join(""));
    };
    const { answer } = await open(site.port, await requestOf(site, { ...ask, with: { stream: true } }));
    const [chunk] = (await once(answer, "data")) as [Buffer];
    expect(chunk.toString()).toBe(first);
    release();
    answer.resume();
    await once(answer, "end");
  });

  it("may write after the client left: nothing breaks, and the record says client_aborted", async () => {
    const before = (await site.trail()).length;
    const wrote = new Promise<void>((resolve) => {
      handler = (req, res) => {
        res.writeHead(200, { "content-type": "text/event-stream" });
        res.write(chat.events("Hello")[0]);
        req.on("close", () => undefined);
        res.on("close", () => {
          res.write(chat.events("Hello")[1]);
          res.end();
          resolve();
        });
      };
    });
    const { answer, leave } = await open(site.port, await requestOf(site, { ...ask, with: { stream: true } }));
    await once(answer, "data");
    leave();
    await wrote;
    expect(await site.recorded(({ seq, kind }) => seq > before && kind === "completion")).toMatchObject({
      outcome: "client_aborted",
    });
  });

  it("may never come: the client that leaves ends the call", async () => {
    const before = (await site.trail()).length;
    const asked = new Promise<void>((resolve) => (handler = () => resolve()));
    const controller = new AbortController();
    const headers = { "x-api-key": await site.key("alice"), "content-type": "application/json" };
    const gone = fetch(`http://127.0.0.1:${site.port}${chat.path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(chat.ask("Hello")),
      signal: controller.signal,
    });
    await asked;
    controller.abort();
    await expect(gone).rejects.toThrow();
    const ended = await site.recorded(({ seq, kind }) => seq > before && kind === "completion");
    expect(ended).toMatchObject({ outcome: "client_aborted", status: null });
    expect(site.gate.health().active).toBe(0);
  });
});
