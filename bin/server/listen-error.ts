import { CommandError } from "../command-error";

/** Why a server could not take its port, as a sentence. */
export function listenError(error: unknown, host: string, port: number): CommandError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} of ${host} is in use: stop what listens there, or choose another port.`,
    EACCES: `Port ${port} of ${host} may not be opened by this user: choose one above 1023.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine.`,
    ENOTFOUND: `${host} is not an address of this machine.`,
  };
  return new CommandError(
    "cannot_listen",
    1,
    sentences[code] ?? `Port ${port} of ${host} cannot be opened: ${message}.`,
  );
}
