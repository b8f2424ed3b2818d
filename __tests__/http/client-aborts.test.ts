import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { DIALECTS } from "../support/dialects";
import { requestOf } from "../support/http-check";
import { open, send } from "../support/http-client";
import { rawSocket } from "../support/raw-socket";
import { begun } from "../support/scripted-upstream";
import { EXPRESSES, openSite, type Site } from "../support/site";

/** The contract says 250 ms; two busy cores may need a little more to notice. */
const LIMIT_MS = 400;

describe.each(EXPRESSES)("a client that leaves on %s", (_name, express) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ express });
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    const asked = async (stream: boolean) => requestOf(site, { dialect, as: "alice", with: { stream, store: false } });
    const ended = (before: number) => site.recorded(({ kind, seq }) => kind === "completion" && seq > before);
    const lastSeq = async () => (await site.trail()).at(-1)?.seq ?? 0;

    it.each([false, true])("J01: before the head cancels the upstream in time (stream: %p)", async (stream) => {
      const before = await lastSeq();
      const gone = new Promise<number>((resolve, reject) => {
        site.upstream.next((_req, res) => {
          res.once("close", () => resolve(performance.now()));
          left.then(leave, reject);
        });
      });
      let leftAt = 0;
      const raw = await rawSocket(site.port);
      const left = Promise.resolve();
      const leave = (): void => {
        leftAt = performance.now();
        raw.close();
      };
      raw.write(await wire(await asked(stream)));
      expect((await gone) - leftAt).toBeLessThan(LIMIT_MS);
      expect(await ended(before)).toMatchObject({ outcome: "client_aborted", status: null, bytesOut: 0 });
    });

    it("J01: inside a stream cancels the upstream in time, with the bytes so far on record", async () => {
      const before = await lastSeq();
      const events = dialect.events("Hello").slice(0, 2);
      const closed: Promise<ServerResponse> = new Promise((resolve) =>
        site.upstream.next(begun(events, (res) => resolve(res))),
      );
      const { answer, leave } = await open(site.port, await asked(true));
      await once(answer, "data");
      const upstream = await closed;
      const gone = once(upstream, "close").then(() => performance.now());
      const leftAt = performance.now();
      leave();
      expect((await gone) - leftAt).toBeLessThan(LIMIT_MS);
      const record = await ended(before);
      expect(record).toMatchObject({ outcome: "client_aborted", status: 200 });
      expect(record.bytesOut).toBeGreaterThan(0);
    });

    it("J01: after the last byte has had its answer: ok", async () => {
      const before = await lastSeq();
      const raw = await rawSocket(site.port);
      raw.write(await wire(await asked(true)));
      await raw.received(dialect.cleanEnd);
      raw.close();
      expect(await ended(before)).toMatchObject({ outcome: "ok", status: 200 });
    });

    it("J01: between two calls on one connection leaves nothing behind", async () => {
      for (let round = 0; round < 3; round += 1) expect((await send(site.port, await asked(true))).status).toBe(200);
      expect(site.gate.health()).toMatchObject({ active: 0, audit: { open: 0 } });
    });
  });

  async function wire({ path, headers = [], body }: Awaited<ReturnType<typeof requestOf>>): Promise<string> {
    const text = String(body);
    const lines = [["Host", "x"], ["Content-Length", String(Buffer.byteLength(text))], ...headers].map(
      ([name, value]) => `${name}: ${value}`,
    );
    return Promise.resolve(`POST ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${text}`);
  }
});

describe("J06: a reader that is slower than the upstream", () => {
  it.each(DIALECTS)("holds the upstream of $path back, and gets every byte in the end", async (dialect) => {
    const site = await openSite();
    const filler = dialect.events("x".repeat(16_000));
    const [head = "", delta = ""] = dialect.name === "messages" ? [filler.slice(0, 2).join(""), filler[2]] : filler;
    const tail = filler.slice(dialect.name === "messages" ? 3 : 2).join("");
    const total = 2_000;
    let written = 0;
    let held = 0;
    let ended = false;
    site.upstream.next((_req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.write(head);
      const fill = (): void => {
        while (written < total) {
          written += 1;
          if (!res.write(delta)) {
            held += 1;
            return void res.once("drain", fill);
          }
        }
        res.end(tail);
        ended = true;
      };
      fill();
    });
    const { answer } = await open(site.port, await requestOf(site, { dialect, as: "alice", with: { stream: true } }));
    answer.pause();
    await stands(() => written);
    expect([ended, held > 0]).toEqual([false, true]);
    expect(written).toBeLessThan(total / 2);
    let received = 0;
    answer.on("data", (chunk: Buffer) => void (received += chunk.length));
    answer.resume();
    await once(answer, "end");
    expect(received).toBe(Buffer.byteLength(head + tail) + total * Buffer.byteLength(delta));
    await site.close();
  });
});

/** Resolves when a count has stopped moving. */
async function stands(count: () => number): Promise<void> {
  for (let before = -1; before !== count();) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
