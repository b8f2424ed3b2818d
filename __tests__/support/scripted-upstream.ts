import { createHash } from "node:crypto";
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AuditRecord } from "../../lib/audit/record";
import { chat, DIALECTS, type Dialect } from "./dialects";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Script = (req: IncomingMessage, res: ServerResponse, seen: Seen) => void;

/** A model provider on a real HTTP server, which counts, remembers, and answers sensibly unless a test scripts it. */
export interface ScriptedUpstream {
  readonly origin: string;
  readonly calls: readonly Seen[];
  /** Answers the next call, once. */
  next(script: Script): void;
  /** What it saw that may not be: calls without a durable intent. */
  readonly violations: readonly string[];
  /** From now on every call must find its intent in this trail. */
  demandIntents(trail: () => Promise<readonly AuditRecord[]>): void;
  close(): Promise<void>;
}

export async function scriptedUpstream(): Promise<ScriptedUpstream> {
  const calls: Seen[] = [];
  const scripts: Script[] = [];
  const violations: string[] = [];
  let trail: (() => Promise<readonly AuditRecord[]>) | null = null;
  const server = http.createServer((req, res) => void serve(req, res));

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const seen = await read(req);
    calls.push(seen);
    const alike = calls.filter((call) => sameCall(call, seen)).length;
    if (trail !== null && intentsFor(await trail(), seen) < alike) violations.push(`${seen.method} ${seen.path}`);
    (scripts.shift() ?? answerSensibly)(req, res, seen);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    violations,
    next: (script) => void scripts.push(script),
    demandIntents: (from) => void (trail = from),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(req: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  const { method = "", url = "", headers } = req;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}

/** As many intents as calls with these bytes; calls without a body are told by their path. */
function intentsFor(records: readonly AuditRecord[], { body, path }: Seen): number {
  const digest = body.length === 0 ? null : createHash("sha256").update(body).digest("hex");
  const below = path.replace(/^\/v1|\?.*$/g, "");
  return records.filter(
    (record) =>
      record.kind === "intent" &&
      record.digestOut === digest &&
      (digest !== null || record.path?.endsWith(below) === true),
  ).length;
}

function sameCall(one: Seen, other: Seen): boolean {
  return one.body.equals(other.body) && (one.body.length > 0 || one.path === other.path);
}

let answered = 0;

/** In the dialect that was spoken, streamed where that was asked for, under an id of its own. */
export const answerSensibly: Script = (req, res, seen) => {
  const dialect = dialectOf(seen.path);
  const asked = seen.body.length === 0 ? {} : (JSON.parse(seen.body.toString()) as Record<string, unknown>);
  const id = `resp_${1000 + ++answered}`;
  const events = dialect.events("Hel", "lo").map((event) => event.replaceAll("resp_1", id));
  return (asked["stream"] === true ? streamed(events) : json(dialect.answer("Hello", { id })))(req, res, seen);
};

export const json =
  (value: unknown, status = 200, headers: http.OutgoingHttpHeaders = {}): Script =>
  (_req, res) => {
    res.writeHead(status, { "content-type": "application/json", ...headers });
    res.end(JSON.stringify(value));
  };

export const streamed =
  (events: readonly string[]): Script =>
  (_req, res) => {
    res.writeHead(200, { "content-type": "text/event-stream" });
    res.end(events.join(""));
  };

/** Some events, then whatever the test does to the connection. */
export const begun =
  (events: readonly string[], then: (res: ServerResponse, req: IncomingMessage) => void): Script =>
  (req, res) => {
    res.writeHead(200, { "content-type": "text/event-stream" });
    res.write(events.join(""), () => then(res, req));
  };

function dialectOf(path: string): Dialect {
  return DIALECTS.find((dialect) => path.startsWith(dialect.path)) ?? chat;
}
