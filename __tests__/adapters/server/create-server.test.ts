import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import request from "supertest";
import { createGateServer, type TrustProxy } from "../../../adapters/server/create-server";
import { testGate, type TestGate } from "../../../adapters/testing";
import { echoUpstream } from "../../../adapters/upstreams/echo";
import { ConfigurationError } from "../../../lib/denial";

const logger = { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 };
const open: TestGate[] = [];
afterAll(() => Promise.all(open.map(({ close }) => close())));

async function serverOf(settings: { readonly prefix?: string; readonly trustProxy?: TrustProxy } = {}): Promise<{
  readonly server: Server;
  readonly test: TestGate;
  readonly key: string;
}> {
  const test = await testGate(settings.prefix === undefined ? {} : { prefix: settings.prefix });
  open.push(test);
  const upstreams = { default: echoUpstream() };
  const server = createGateServer({ gate: test.gate, upstreams, logger, ...settings });
  return { server, test, key: await test.mintKey() };
}

const question = { model: "gpt-4o-mini", messages: [{ role: "user", content: "hi" }] };

describe("the gate's own server", () => {
  it("answers calls below its prefix, and probes outside it", async () => {
    const { server, key } = await serverOf({ prefix: "/llm/v1" });
    const ask = (path: string) => request(server).post(path).set("authorization", `Bearer ${key}`).send(question);
    expect((await ask("/llm/v1/chat/completions")).body.choices[0].message.content).toBe("You said: hi");
    expect((await ask("/v1/chat/completions")).status).toBe(404);
    expect((await request(server).get("/healthz")).body).toEqual({ status: "alive" });
    expect((await request(server).get("/readyz")).body).toEqual({ status: "ready" });
  });

  it("is not ready once it drains, and still alive", async () => {
    const { server, test } = await serverOf();
    await test.gate.drain(0);
    // Draining closed the listener: whoever still has a connection asks on it, here on a new one.
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [ready, alive] = [await request(url).get("/readyz"), await request(url).get("/healthz")];
    expect([ready.status, ready.body]).toEqual([503, { status: "draining" }]);
    expect(alive.status).toBe(200);
  });

  it("shows neither what it is made of nor a stack, and mounts nothing else", async () => {
    const { server } = await serverOf();
    for (const path of ["/", "/metrics", "/admin", "/%"]) {
      const answer = await request(server).get(path);
      expect(answer.body).toEqual({ error: expect.any(String) });
      expect(answer.headers).not.toHaveProperty("x-powered-by");
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  });

  it.each([
    [false, "127.0.0.1"],
    ["loopback", "203.0.113.7"],
  ])("with trustProxy %j records %s as the source", async (trustProxy, source) => {
    const { server, test, key } = await serverOf({ trustProxy });
    const forwarded = request(server).get("/v1/models").set("x-forwarded-for", "203.0.113.7");
    await forwarded.set("authorization", `Bearer ${key}`).expect(200);
    const sources = (await test.trail()).filter(({ kind }) => kind === "completion").map((record) => record.source);
    expect(sources.map((address) => address?.replace("::ffff:", ""))).toEqual([source]);
  });

  it("bounds how long a slow sender may hold a socket", async () => {
    const { server } = await serverOf();
    expect(server.headersTimeout).toBeLessThanOrEqual(30_000);
    expect(server.requestTimeout).toBeGreaterThan(server.headersTimeout);
    expect(server.keepAliveTimeout).toBeGreaterThan(60_000);
  });

  it("refuses a trustProxy that Express cannot read", async () => {
    await expect(serverOf({ trustProxy: "nobody" })).rejects.toThrow(ConfigurationError);
  });
});
