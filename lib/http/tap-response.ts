import type { ServerResponse } from "node:http";
import type { Answer } from "../answer";
import { byteChannel, type ByteChannel } from "./byte-channel";
import { hostError } from "./host-error";
import { ownDrain } from "./own-drain";
import { applyHeaders, headerLines, rememberHeaders, rememberOurs } from "./response-headers";

/** How much a handler may write ahead of inspection before `write` says false. */
const HIGH_WATER_MARK = 64 * 1024;

/** What an ordinary handler does to `res`, turned into an Answer that nobody has seen yet. */
export interface TappedResponse {
  /** Resolves when the handler commits a head (or an Answer is delivered); rejects when it fails before. */
  readonly answer: Promise<Answer>;
  /** The direct way: an Answer in place of writes to `res`. The first of both ways counts. */
  deliver(answer: Answer): void;
  /** The handler failed: before a head the answer rejects, after it the body throws. */
  fail(error: unknown): void;
  /** The answer will not be sent: the header fields that the handler set go with it. */
  dropHeaders(): void;
}

type Callback = (error?: Error | null) => void;

interface Tap {
  readonly res: ServerResponse;
  readonly channel: ByteChannel;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  committed: boolean;
  ended: boolean;
}

/**
 * Replaces `writeHead write end flushHeaders destroy` on this one response for good, and for `drain` the methods that
 * add listeners; the writer made before it keeps the methods that send. `headersSent` and `writableEnded` tell the host what it did, though nothing has left.
 * Trailers, early hints and `res.socket` are outside.
 */
export function tapResponse(res: ServerResponse): TappedResponse {
  let settle!: Pick<Tap, "resolve" | "reject">;
  const answer = new Promise<Answer>((resolve, reject) => (settle = { resolve, reject }));
  const keepOurs = rememberOurs(res);
  answer.then(
    ({ body }) => body === channel && keepOurs(),
    () => undefined,
  );
  const drain = ownDrain(res);
  const channel = byteChannel(HIGH_WATER_MARK, drain.tell);
  const tap: Tap = { res, channel, ...settle, committed: false, ended: false };
  for (const [name, descriptor] of Object.entries({ ...replacements(tap), ...drain.methods })) {
    Object.defineProperty(res, name, { ...descriptor, configurable: true });
  }
  return Object.freeze({
    answer,
    deliver: (direct: Answer) => commit(tap, direct),
    fail: (error: unknown) => fail(tap, error),
    dropHeaders: rememberHeaders(res),
  });
}

function replacements(tap: Tap): Record<string, PropertyDescriptor> {
  const destroy = (error?: Error): ServerResponse => {
    fail(tap, hostError(error));
    return tap.res;
  };
  return {
    writeHead: { value: writeHead.bind(null, tap), writable: true },
    write: { value: write.bind(null, tap), writable: true },
    end: { value: end.bind(null, tap), writable: true },
    flushHeaders: { value: commitImplicitly.bind(null, tap), writable: true },
    destroy: { value: destroy, writable: true },
    headersSent: { get: () => tap.committed },
    writableEnded: { get: () => tap.ended },
  };
}

function commit(tap: Tap, answer: Answer): void {
  if (tap.committed) return;
  tap.committed = true;
  tap.resolve(answer);
}

function fail(tap: Tap, error: unknown): void {
  tap.committed = true;
  tap.reject(error);
  tap.channel.fail(error);
}

/** Through `res.writeHead`, so that hooks which wrapped it behind the gate run as they would in Node. */
function commitImplicitly(tap: Tap): void {
  if (!tap.committed) tap.res.writeHead(tap.res.statusCode);
}

function writeHead(tap: Tap, status: number, reasonOrHeaders?: unknown, headers?: unknown): ServerResponse {
  const { res, channel } = tap;
  if (tap.committed) return res;
  applyHeaders(res, typeof reasonOrHeaders === "string" ? headers : (reasonOrHeaders ?? headers));
  res.statusCode = status;
  commit(tap, { status, headers: headerLines(res), body: channel, origin: "host" });
  return res;
}

function write(tap: Tap, chunk: unknown, encodingOrDone?: BufferEncoding | Callback, done?: Callback): boolean {
  commitImplicitly(tap);
  const { encoding, callback } = writeArguments(encodingOrDone, done);
  return tap.channel.push(toBytes(chunk, encoding), callback && (() => callback()));
}

function end(tap: Tap, chunk?: unknown, encodingOrDone?: BufferEncoding | Callback, done?: Callback): ServerResponse {
  if (typeof chunk === "function") return end(tap, undefined, chunk as Callback);
  const { encoding, callback } = writeArguments(encodingOrDone, done);
  commitImplicitly(tap);
  if (chunk !== undefined && chunk !== null) tap.channel.push(toBytes(chunk, encoding));
  if (callback) tap.res.once("finish", () => callback());
  tap.ended = true;
  tap.channel.end();
  return tap.res;
}

function writeArguments(
  encodingOrDone: BufferEncoding | Callback | undefined,
  done: Callback | undefined,
): { readonly encoding: BufferEncoding; readonly callback: Callback | undefined } {
  if (typeof encodingOrDone === "function") return { encoding: "utf8", callback: encodingOrDone };
  return { encoding: encodingOrDone ?? "utf8", callback: done };
}

function toBytes(chunk: unknown, encoding: BufferEncoding): Uint8Array {
  if (typeof chunk === "string") return Buffer.from(chunk, encoding);
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError("A response chunk must be a string, a Buffer or a Uint8Array.");
}
