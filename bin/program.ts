import { Command } from "commander";
import { createRequire } from "node:module";
import { COMMANDS, commandsOf } from "./command-tables";
import { lesson } from "./output/lesson";
import type { Terminal } from "./terminal";

/** The command line, with as much of it as `args` may call. It throws instead of ending the process; what it prints goes to the terminal. */
export function createProgram(args: readonly string[], terminal: Terminal): Command {
  const program = new Command("llm-gate")
    .description("One API key in front of the OpenAI, OpenAI Responses and Anthropic protocols.")
    .version(packageVersion(), "--version", "print the version")
    .addHelpText("after", lesson(["llm-gate demo", "llm-gate serve --config gate.yaml", "llm-gate help key create"]));
  if (args[0] !== "--version") commandsOf(COMMANDS, args, terminal).forEach((command) => program.addCommand(command));
  bind(program, terminal);
  return program;
}

function bind(command: Command, terminal: Terminal): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.print(text.trimEnd()),
    writeErr: (text) => terminal.complain(text.trimEnd()),
  });
  for (const inner of command.commands) bind(inner, terminal);
}

function packageVersion(): string {
  const { version } = createRequire(__filename)("express-llm-gate/package.json") as { readonly version: string };
  return version;
}
