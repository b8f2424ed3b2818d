/** Ends a command that has printed its answer with an exit code of its own. */
export class ConcludedError extends Error {
  override readonly name = "ConcludedError";
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}
