import { CommanderError } from "commander";
import { ConcludedError } from "./concluded-error";
import { createProgram } from "./program";
import { describeError } from "./output/describe-error";
import { printJson } from "./output/present";
import type { Terminal } from "./terminal";

const USAGE = 2;

/** Runs one command line; resolves with the exit code and never rejects. Without a command it shows what there is. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(args, terminal).parseAsync(args.length === 0 ? ["--help"] : [...args], { from: "user" });
    return 0;
  } catch (error) {
    return concluded(error, args.includes("--json"), terminal);
  }
}

function concluded(error: unknown, json: boolean, terminal: Terminal): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (error instanceof ConcludedError) return error.exitCode;
  const { code, message, exitCode } =
    error instanceof CommanderError
      ? { code: "usage", message: error.message.replace(/^error: /, ""), exitCode: USAGE }
      : describeError(error);
  if (!(error instanceof CommanderError)) terminal.complain(message);
  if (json) printJson(terminal, { error: { code, message } });
  return exitCode;
}
