import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** The sockets of one pool or client, so that a server which hangs cannot keep them, and the process, open. */
export interface OwnSockets {
  /** For node-postgres's setting `stream`. */
  open(): Socket;
  /** Waits for a polite end for a moment, then cuts. */
  end(polite: Promise<unknown>): Promise<void>;
}

const POLITE_MS = 1_000;

export function ownSockets(): OwnSockets {
  const sockets = new Set<Socket>();
  return Object.freeze({
    open(): Socket {
      const socket = new Socket();
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      return socket;
    },
    async end(polite: Promise<unknown>): Promise<void> {
      await Promise.race([polite.catch(() => undefined), sleep(POLITE_MS, undefined, { ref: false })]);
      for (const socket of sockets) socket.destroy();
    },
  });
}
