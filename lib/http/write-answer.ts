import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { HeaderLines } from "../answer";

/** The one way by which bytes leave: head, chunks under back-pressure, end. */
export interface AnswerWriter {
  /** Leaves with the first bytes, in one packet where it can. */
  head(status: number, headers: HeaderLines): void;
  /** Resolves when the socket takes more; rejects with ClientGone when it is closed. */
  write(chunk: Uint8Array): Promise<void>;
  /** With the last bytes, where they are known. */
  end(last?: Uint8Array): void;
  /** Body bytes handed to the socket so far. */
  readonly written: number;
  readonly started: boolean;
}

/** The client closed the connection; nothing more can be sent. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

/** Behind `compression()` a flush sends what it has buffered. */
type Flushable = ServerResponse & { readonly flush?: () => void };

/**
 * Keeps the response's methods as they are now, whoever replaces them later, and what the client accepts: middlewares
 * before the gate, `compression()` above all, look at it when the head goes out.
 */
export function answerWriter(res: Flushable): AnswerWriter {
  const accepted = res.req.headers["accept-encoding"];
  const room = roomWaiter(res);
  const send = {
    writeHead: res.writeHead.bind(res),
    write: res.write.bind(res) as (chunk: Uint8Array) => boolean,
    end: res.end.bind(res) as (chunk?: Uint8Array) => void,
    flush: res.flush?.bind(res),
  };
  let written = 0;
  let started = false;

  function head(status: number, headers: HeaderLines): void {
    started = true;
    for (const [name, values] of grouped(headers)) setHeader(res, name, values);
    withAcceptEncoding(res.req.headers, accepted, () => send.writeHead(status));
  }

  async function write(chunk: Uint8Array): Promise<void> {
    if (res.destroyed) throw new ClientGone();
    written += chunk.length;
    const more = send.write(chunk);
    send.flush?.();
    if (!more) await room();
  }

  return Object.freeze({
    head,
    write,
    end(last?: Uint8Array): void {
      written += last?.length ?? 0;
      send.end(last);
    },
    get written() {
      return written;
    },
    get started() {
      return started;
    },
  });
}

/** Fields of one name together, in order of first appearance: `set-cookie` may have many. */
function grouped(headers: HeaderLines): ReadonlyMap<string, string | readonly string[]> {
  const fields = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    fields.set(key, [...(fields.get(key) ?? []), value]);
  }
  return new Map([...fields].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]));
}

/** What varies by what middlewares before the gate have said goes on doing so. */
function setHeader(res: ServerResponse, name: string, values: string | readonly string[]): void {
  const before = name === "vary" ? res.getHeader(name) : undefined;
  res.setHeader(name, before === undefined ? values : together([before, values].flat().map(String)));
}

function together(lists: readonly string[]): string {
  return [...new Set(lists.flatMap((list) => list.split(/ *, */)))].join(", ");
}

/** Behind the gate the request asks for plain answers; for as long as `work` takes it asks for what the client did. */
function withAcceptEncoding(headers: IncomingHttpHeaders, accepted: string | undefined, work: () => void): void {
  const asked = headers["accept-encoding"];
  headers["accept-encoding"] = accepted;
  work();
  headers["accept-encoding"] = asked;
}

/**
 * Waits until there is room again, or nobody to send to. Its two listeners stay for good: behind `compression()` the
 * response's `on` adds them elsewhere, where its `off` does not find them.
 */
function roomWaiter(res: ServerResponse): () => Promise<void> {
  const on = res.on.bind(res);
  let waiting: (() => void)[] | null = null;
  const wake = (): void => waiting?.splice(0).forEach((resume) => resume());

  return () =>
    new Promise((resolve, reject) => {
      if (waiting === null) {
        waiting = [];
        on("drain", wake);
        on("close", wake);
      }
      waiting.push(() => (res.destroyed ? reject(new ClientGone()) : resolve()));
    });
}
