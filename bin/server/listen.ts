import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { CommandError } from "../command-error";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Resolves when the server accepts connections; rejects with a sentence that names the port. */
export async function listen(server: Server, { host, port }: Address): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw listenError(error, host, port);
  }
}

/**
 * A gate that starts takes the open calls of its node's earlier boots for interrupted. Where another one still runs, which
 * a taken port shows, it must not come that far.
 */
export async function refuseTakenPort(address: Address): Promise<void> {
  const probe = createServer();
  await listen(probe, address);
  probe.close();
  await once(probe, "close");
}

function listenError(error: unknown, host: string, port: number): CommandError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} of ${host} is in use: stop what listens there, or choose another port.`,
    EACCES: `Port ${port} of ${host} may not be opened by this user: choose one above 1023.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine.`,
    ENOTFOUND: `${host} is not an address of this machine.`,
  };
  const sentence = sentences[code] ?? `Port ${port} of ${host} cannot be opened: ${message}.`;
  return new CommandError("cannot_listen", 1, sentence);
}
