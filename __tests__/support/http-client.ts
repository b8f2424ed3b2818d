import http, { type IncomingHttpHeaders } from "node:http";

export interface Sent {
  readonly method?: string;
  readonly path: string;
  /** Lines as they go over the wire, names as written; two of one name are two lines. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array | null;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The connection ended inside the answer. */
  readonly torn: boolean;
}

/** One request on a connection of its own. */
export function send(port: number, { method = "POST", path, headers = [], body = null }: Sent): Promise<Received> {
  const bytes = body === null ? null : Buffer.from(body);
  const framing: (readonly [string, string])[] = bytes === null ? [] : [["Content-Length", String(bytes.length)]];
  const lines = [["Host", "gate.test"] as const, ...headers, ...framing];
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: "127.0.0.1", method, path, headers: lines.flat(), agent: false });
    request.on("error", reject);
    request.on("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => void chunks.push(chunk));
      answer.on("error", () => undefined);
      answer.on("close", () => {
        const received = Buffer.concat(chunks);
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: received,
          text: received.toString("utf8"),
          torn: !answer.complete,
        });
      });
    });
    request.end(bytes ?? undefined);
  });
}

/** A request whose answer the test reads, stops reading or abandons as it likes. */
export function open(port: number, { method = "POST", path, headers = [], body = null }: Sent): Promise<OpenAnswer> {
  const bytes = body === null ? null : Buffer.from(body);
  const framing: (readonly [string, string])[] = bytes === null ? [] : [["Content-Length", String(bytes.length)]];
  const lines = [["Host", "gate.test"] as const, ...headers, ...framing];
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: "127.0.0.1", method, path, headers: lines.flat(), agent: false });
    request.on("error", reject);
    request.on("response", (answer) => {
      answer.on("error", () => undefined);
      resolve({ answer, leave: () => void request.destroy() });
    });
    request.end(bytes ?? undefined);
  });
}

export interface OpenAnswer {
  readonly answer: http.IncomingMessage;
  /** The client goes away. */
  leave(): void;
}
