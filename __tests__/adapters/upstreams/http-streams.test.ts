import { getEventListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { clearedCall, closeAll, provider, readAll, unaborted, upstreamOf } from "./http/scripted";

const ABORT_BOUND_MS = 250;

afterEach(closeAll);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("httpUpstream: back-pressure", () => {
  it("stops reading from the provider while nobody reads from it", async () => {
    const part = Buffer.alloc(64 * 1024);
    const total = 64 * 1024 * 1024;
    let written = 0;
    const { origin } = await provider((_req, res) => {
      const pump = (): void => {
        while (written < total) {
          written += part.length;
          if (!res.write(part)) return void res.once("drain", pump);
        }
        res.end();
      };
      pump();
    });
    const { body } = await upstreamOf(origin).forward(clearedCall(), unaborted());
    const iterator = body[Symbol.asyncIterator]();
    await iterator.next();
    await pause(300);
    const stalledAt = written;
    await pause(300);
    // What is on its way sits in the kernel's socket buffers; the process itself holds a few chunks.
    expect(written).toBe(stalledAt);
    expect(written).toBeLessThan(16 * 1024 * 1024);
    let rest = 0;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) rest += next.value.length;
    expect(written).toBe(total);
    expect(rest).toBeGreaterThan(total - 1024 * 1024);
  });
});

describe("httpUpstream: an abort", () => {
  /** A provider that never finishes; when its connection went away. */
  async function endless(begin: (res: ServerResponse) => void) {
    let closedAt = Infinity;
    let arrived: () => void = () => undefined;
    let drain: () => void = () => undefined;
    const request = new Promise<void>((resolve) => (arrived = resolve));
    const { origin } = await provider((req, res) => {
      arrived();
      drain = () => void req.resume();
      req.socket.once("close", () => (closedAt = performance.now()));
      begin(res);
    });
    return { origin, request, closedAt: () => closedAt, drain: () => drain() };
  }

  async function expectClosed(closedAt: () => number, abortedAt: number): Promise<void> {
    while (closedAt() === Infinity && performance.now() - abortedAt < 4 * ABORT_BOUND_MS) await pause(5);
    expect(closedAt() - abortedAt).toBeLessThan(ABORT_BOUND_MS);
  }

  it("ends the exchange before the head", async () => {
    const { origin, request, closedAt } = await endless(() => undefined);
    const client = new AbortController();
    const forwarding = upstreamOf(origin).forward(clearedCall(), client.signal);
    await request;
    const abortedAt = performance.now();
    const reason = new Error("client went away");
    client.abort(reason);
    await expect(forwarding).rejects.toBe(reason);
    await expectClosed(closedAt, abortedAt);
  });

  it.each([
    ["plain", {}, "data: 1\n\n"],
    ["coded", { "content-encoding": "gzip" }, gzipSync("data: 1\n\n")],
  ])("ends the exchange inside a %s body, and the reader hears of it", async (_name, headers, begun) => {
    const { origin, closedAt } = await endless((res) => void res.writeHead(200, headers).write(begun));
    const client = new AbortController();
    const { body } = await upstreamOf(origin).forward(clearedCall(), client.signal);
    const reading = readAll(body);
    await Promise.all([
      expect(reading).rejects.toMatchObject({ name: "AbortError" }),
      pause(50).then(() => {
        const abortedAt = performance.now();
        client.abort();
        return expectClosed(closedAt, abortedAt);
      }),
    ]);
  });

  it("ends the exchange when nobody reads the body", async () => {
    const { origin, closedAt } = await endless((res) => void res.write("data: 1\n\n"));
    const client = new AbortController();
    await upstreamOf(origin).forward(clearedCall(), client.signal);
    const abortedAt = performance.now();
    client.abort();
    await expectClosed(closedAt, abortedAt);
  });

  it("makes no connection when it came before the call", async () => {
    let requests = 0;
    const { origin } = await provider((_req, res) => {
      requests += 1;
      res.end("{}");
    });
    await expect(upstreamOf(origin).forward(clearedCall(), AbortSignal.abort())).rejects.toThrow();
    await pause(50);
    expect(requests).toBe(0);
  });

  it.each([
    ["before the first part", 0],
    ["after it", 1],
  ])("happens by itself when the reader gives the body back %s", async (_name, parts) => {
    const { origin, closedAt } = await endless((res) => void res.write("data: 1\n\n"));
    const { body } = await upstreamOf(origin).forward(clearedCall(), unaborted());
    const iterator = body[Symbol.asyncIterator]();
    for (let read = 0; read < parts; read++) await iterator.next();
    const returnedAt = performance.now();
    await iterator.return?.();
    await expectClosed(closedAt, returnedAt);
  });

  it("during the upload ends the upload", async () => {
    const { origin, request, closedAt, drain } = await endless(() => undefined);
    const client = new AbortController();
    const upload = clearedCall({ body: Buffer.alloc(8 * 1024 * 1024, " ") });
    const forwarding = upstreamOf(origin).forward(upload, client.signal);
    await request;
    const abortedAt = performance.now();
    client.abort();
    drain();
    await expect(forwarding).rejects.toThrow();
    await expectClosed(closedAt, abortedAt);
  });
});

describe("httpUpstream: a finished answer", () => {
  it("leaves no listener on the caller's signal", async () => {
    const { origin } = await provider((_req, res) => res.end("{}"));
    const client = new AbortController();
    const { body } = await upstreamOf(origin).forward(clearedCall(), client.signal);
    expect(getEventListeners(client.signal, "abort")).not.toHaveLength(0);
    await readAll(body);
    await pause(20);
    expect(getEventListeners(client.signal, "abort")).toHaveLength(0);
  });
});
