import { createServer, type RequestListener } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startServer(listener: RequestListener): Promise<RunningServer> {
  const server = createServer(listener);
  server.on("clientError", (_, socket) => void socket.destroy());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function open(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends bytes as they are and reads until the server closes. */
export async function exchange(port: number, ...parts: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const socket = await open(port);
  for (const part of parts) socket.write(typeof part === "string" ? Buffer.from(part, "latin1") : part);
  return readAnswer(socket);
}

export async function readAnswer(socket: Socket): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => void chunks.push(chunk));
  if (!socket.destroyed) await once(socket, "close");
  const [head = "", ...rest] = Buffer.concat(chunks).toString("latin1").split("\r\n\r\n");
  return { status: Number(head.split(" ")[1] ?? 0), head, body: rest.join("\r\n\r\n") };
}
