import http from "node:http";
import net, { type AddressInfo } from "node:net";
import type { HeaderLines } from "../../../../lib/answer";
import type { ClearedCall } from "../../../../lib/call";
import { Denial } from "../../../../lib/denial";
import type { Operation } from "../../../../lib/ports/protocol";
import { httpUpstream, type HttpUpstreamOptions } from "../../../../adapters/upstreams/http";

export const PROVIDER_KEY = "sk-provider-0123456789abcdef";

interface Scripted {
  readonly origin: string;
  close(): Promise<void>;
}

const open: { close(): Promise<void> }[] = [];

/** Ends every server and upstream that a test opened. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((opened) => opened.close()));
}

async function listening(server: net.Server): Promise<Scripted> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket: net.Socket) => {
    sockets.add(socket.on("error", () => undefined));
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const scripted = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  open.push(scripted);
  return scripted;
}

/** A provider that answers over real HTTP. */
export function provider(handler: http.RequestListener): Promise<Scripted> {
  return listening(http.createServer({ requestTimeout: 0 }, handler));
}

/** A provider that says these exact bytes, or does anything else to the socket, once a request began to arrive. */
export function rawProvider(onRequest: string | ((socket: net.Socket) => void)): Promise<Scripted> {
  const act = typeof onRequest === "string" ? (socket: net.Socket) => void socket.end(onRequest, "latin1") : onRequest;
  return listening(net.createServer((socket) => void socket.once("data", () => act(socket))));
}

export function upstreamOf(baseUrl: string, options: Partial<HttpUpstreamOptions> = {}) {
  const upstream = httpUpstream({ name: "scripted", baseUrl, apiKey: PROVIDER_KEY, ...options });
  open.push({ close: async () => upstream.close?.() });
  return upstream;
}

const CREATE: Operation = { id: "chat.create", method: "POST", path: "/chat/completions", body: "prompt" };

interface Sent {
  readonly operation?: Partial<Operation>;
  readonly target?: string;
  readonly headers?: HeaderLines;
  readonly body?: string | Uint8Array;
}

/** What an upstream reads of a cleared call. */
export function clearedCall({
  operation,
  target = "/chat/completions",
  headers = [],
  body = '{"model":"m"}',
}: Sent = {}) {
  const call: Partial<ClearedCall> = {
    operation: { ...CREATE, ...operation },
    target,
    headers,
    bytes: typeof body === "string" ? new TextEncoder().encode(body) : body,
  };
  return call as ClearedCall;
}

export const unaborted = (): AbortSignal => new AbortController().signal;

export async function readAll(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function denialOf(work: Promise<unknown>): Promise<Denial> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof Denial) return thrown;
  throw new Error("expected a Denial", { cause: thrown });
}
