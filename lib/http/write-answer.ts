import type { ServerResponse } from "node:http";
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

/** Keeps the response's methods as they are now, whoever replaces them later. */
export function answerWriter(res: Flushable): AnswerWriter {
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
    for (const [name, values] of grouped(headers)) res.setHeader(name, values);
    send.writeHead(status);
  }

  async function write(chunk: Uint8Array): Promise<void> {
    if (res.destroyed) throw new ClientGone();
    written += chunk.length;
    const more = send.write(chunk);
    send.flush?.();
    if (!more) await drained(res);
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

function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      res.off("drain", settle).off("close", settle);
      if (res.destroyed) reject(new ClientGone());
      else resolve();
    };
    res.on("drain", settle).on("close", settle);
  });
}
