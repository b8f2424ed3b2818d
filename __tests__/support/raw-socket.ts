import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A connection on which a test says bytes as they are. */
export interface RawSocket {
  readonly socket: Socket;
  write(bytes: string | Uint8Array): void;
  /** Everything until the server closes, as answers in order. */
  untilClosed(): Promise<readonly RawAnswer[]>;
  /** Resolves when that text has been received; rejects when the server closed before. */
  received(text: string): Promise<string>;
  close(): void;
}

export async function rawSocket(port: number): Promise<RawSocket> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => void (text += chunk));
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return {
    socket,
    write: (bytes) => void socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes),
    async untilClosed() {
      if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
      return parseAnswers(text);
    },
    async received(wanted) {
      while (!text.includes(wanted)) {
        if (socket.closed) throw new Error(`the server closed; it had said: ${text}`);
        await Promise.race([once(socket, "data"), new Promise((resolve) => socket.once("close", resolve))]);
      }
      return text;
    },
    close: () => void socket.destroy(),
  };
}

/** Says it, and reads what comes until the server closes. */
export async function exchange(
  port: number,
  ...parts: readonly (string | Uint8Array)[]
): Promise<readonly RawAnswer[]> {
  const raw = await rawSocket(port);
  for (const part of parts) raw.write(part);
  return raw.untilClosed();
}

export function parseAnswers(text: string): readonly RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = text;
  while (rest !== "") {
    const end = rest.indexOf("\r\n\r\n");
    if (end === -1) throw new Error(`half an answer: ${rest}`);
    const [first = "", ...lines] = rest.slice(0, end).split("\r\n");
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
    );
    const { body, after } = takeBody(rest.slice(end + 4), headers);
    answers.push({ status: Number(first.split(" ")[1]), headers, body });
    rest = after;
  }
  return answers;
}

function takeBody(text: string, headers: Readonly<Record<string, string>>): { body: string; after: string } {
  if (headers["transfer-encoding"] === undefined) {
    const length = Number(headers["content-length"] ?? 0);
    return { body: text.slice(0, length), after: text.slice(length) };
  }
  let body = "";
  for (let rest = text; ;) {
    const line = rest.indexOf("\r\n");
    const size = line === -1 ? 0 : parseInt(rest.slice(0, line), 16);
    if (size === 0) return { body, after: rest.slice(line + 4) };
    body += rest.slice(line + 2, line + 2 + size);
    rest = rest.slice(line + 2 + size + 2);
  }
}
