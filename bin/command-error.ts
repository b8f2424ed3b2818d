/** Refused or failed; how the command was called, configuration and policy files included. */
export type ExitCode = 1 | 2;

/** Why a command ends without having done its work; the message is one sentence for who called it. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code: string;
  readonly exitCode: ExitCode;

  constructor(code: string, exitCode: ExitCode, message: string) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}

export function usageError(message: string): CommandError {
  return new CommandError("usage", 2, message);
}
