import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as zlib from "node:zlib";
import { CLIENT_POLICY } from "../support/client-policy";
import { HOSTS } from "../support/client-site";
import { send, type Received } from "../support/http-client";
import { openSite, PROVIDER_KEY, type Site } from "../support/site";

/** What a client was seen to send; texts are cut to a word, credentials and what each connection adds are left out. */
interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly credentials: readonly ("bearer" | "x-api-key" | "both")[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | null;
}

const FIXTURES = path.join(__dirname, "fixtures");
const RECORDED = readdirSync(FIXTURES).flatMap((file) => {
  const requests = JSON.parse(readFileSync(path.join(FIXTURES, file), "utf8")) as readonly Recorded[];
  return requests.flatMap((request, index) =>
    request.credentials.map((form) => ({
      ...{ request, form, client: path.basename(file, ".json") },
      title: `${path.basename(file, ".json")} ${index + 1}: ${request.method} ${request.path} with ${form}`,
    })),
  );
});

const CALLS = RECORDED.filter(({ request }) => request.body !== null);
const LISTINGS = RECORDED.filter(({ request }) => request.body === null);

function credentialLines(form: string, key: string): readonly (readonly [string, string])[] {
  const bearer = ["Authorization", `Bearer ${key}`] as const;
  const header = ["x-api-key", key] as const;
  return form === "both" ? [bearer, header] : [form === "bearer" ? bearer : header];
}

function without(body: object, member: string): object {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== member));
}

/** Made anew for every connection, whoever forwards. */
const NOT_PASSED = new Set(["accept-encoding", "content-encoding", "content-type"]);

describe.each(HOSTS)("Through a gate on %s,", (_name, { express, prefix }) => {
  let site: Site;
  let key: string;

  beforeAll(async () => {
    site = await openSite({
      ...{ express, prefix, policy: CLIENT_POLICY },
      mount(app, { gate, forwarder }) {
        app.use(gate);
        app.use(prefix, forwarder);
        app.head("/api/hello", (_req, res) => void res.status(200).end());
      },
    });
    key = await site.key("alice");
  });

  afterAll(() => site.close());

  function replay({ request, form }: (typeof RECORDED)[number], body: Uint8Array | null): Promise<Received> {
    const headers = [...credentialLines(form, key), ...Object.entries(request.headers)];
    return send(site.port, { method: request.method, path: request.path.replace("/v1", prefix), headers, body });
  }

  it.each(CALLS)("$title arrives as it was sent", async (recorded) => {
    const { body, headers, path: asked } = recorded.request;
    const received = await replay(recorded, Buffer.from(JSON.stringify(body)));
    expect([received.status, received.text]).toEqual([200, received.text]);
    const seen = site.upstream.calls.at(-1);
    const kept = asked.startsWith("/v1/responses") ? (body ?? {}) : without(body ?? {}, "metadata");
    expect(seen?.body.toString()).toBe(JSON.stringify(kept));
    expect(seen?.path).toBe(asked);
    const passed = Object.entries(headers).filter(([name]) => !NOT_PASSED.has(name));
    expect(seen?.headers).toMatchObject({ ...Object.fromEntries(passed), authorization: `Bearer ${PROVIDER_KEY}` });
    expect(seen?.headers).not.toHaveProperty("x-api-key");
  });

  it.each(LISTINGS)("$title lists what the caller may use", async (recorded) => {
    const received = await replay(recorded, null);
    expect(received.status).toBe(200);
    const { data } = JSON.parse(received.text) as { data: readonly { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(["claude-house-1", "gpt-4o-mini"]);
  });

  it("a probe without a key outside the prefix is the host's business", async () => {
    const headers = [["User-Agent", "Bun/1.4.4"]] as const;
    const before = await site.trail();
    expect(await send(site.port, { method: "HEAD", path: "/api/hello", headers })).toMatchObject({ status: 200 });
    expect(await site.trail()).toHaveLength(before.length);
  });

  it("a WebSocket handshake is sent back to HTTP", async () => {
    const headers = [
      ...credentialLines("bearer", key),
      ["Connection", "Upgrade"],
      ["Upgrade", "websocket"],
      ["Sec-WebSocket-Version", "13"],
      ["Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="],
      ["OpenAI-Beta", "responses_websockets=2026-02-06"],
      ["Originator", "codex_exec"],
    ] as const;
    const received = await send(site.port, { method: "GET", path: `${prefix}/responses`, headers });
    expect(received.status).toBe(426);
    expect(JSON.parse(received.text)).toMatchObject({ error: { code: "upgrade_required" } });
  });

  it("a zstd body is read where this Node can, and 415 where it cannot", async () => {
    const codex = CALLS.find(({ client }) => client === "codex");
    if (codex === undefined) throw new Error("no codex among the fixtures");
    const { request } = codex;
    const zstd = { ...codex, request: { ...request, headers: { ...request.headers, "content-encoding": "zstd" } } };
    const plain = Buffer.from(JSON.stringify(request.body));
    const compress = (zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer }).zstdCompressSync;
    const before = site.upstream.calls.length;
    const received = await replay(zstd, compress?.(plain) ?? plain);
    expect(received.status).toBe(compress === undefined ? 415 : 200);
    const arrived = site.upstream.calls.slice(before).map(({ body }) => body.toString());
    expect(arrived).toEqual(compress === undefined ? [] : [plain.toString()]);
  });
});
