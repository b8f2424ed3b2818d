import type { IncomingMessage } from "node:http";

/**
 * Gives the host a view of the connection in which `destroy` only says that the host gave up. Express destroys the
 * socket when a handler fails after its head: the client would see a torn answer, and the record a client that left.
 */
export function shareSocket(req: IncomingMessage, onDestroy: (error?: unknown) => void): void {
  const view = new Proxy(req.socket, {
    get(socket, name) {
      if (name === "destroy") return (error?: unknown) => (onDestroy(error), view);
      const value: unknown = Reflect.get(socket, name, socket);
      return typeof value === "function" ? (value.bind(socket) as unknown) : value;
    },
    set: (socket, name, value) => Reflect.set(socket, name, value, socket),
  });
  Object.defineProperty(req, "socket", { value: view, writable: true, configurable: true });
}
