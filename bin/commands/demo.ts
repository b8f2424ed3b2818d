import { Command, Option } from "commander";
import { usageError } from "../command-error";
import { lesson } from "../output/lesson";
import { jsonOption } from "../store/store-options";
import type { Terminal } from "../terminal";
import { untilStopped } from "../until-stopped";

interface Options {
  readonly port: string;
  readonly dir: string;
  readonly json?: boolean;
}

const NOTES = `Needs no account and no network: an embedded store, a small policy, and a model that repeats what it is told. Prints a
key once, and a curl line for each of the three protocols. Each start makes a new key and revokes the one before.`;

export function demoCommand(terminal: Terminal): Command {
  return new Command("demo")
    .description("try everything at once: store, policy, key and an embedded model")
    .argument("[port]", "the same as --port")
    .addOption(new Option("--port <port>", "where to listen; 0 picks a free one").default("8787"))
    .addOption(new Option("--dir <folder>", "where the demo keeps its files").default(".llm-gate"))
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate demo", "llm-gate demo 9000 --dir /tmp/gate-demo"], NOTES))
    .action(async (port: string | undefined, options: Options) => {
      const chosen = readPort(port ?? options.port);
      const stop = untilStopped();
      // What serving needs takes longer to load than most commands take to run.
      const { runDemo } = await import("../demo/run-demo.js");
      await runDemo({ ...options, port: chosen }, stop, terminal);
    });
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= 65_535) return port;
  throw usageError(`${JSON.stringify(text)} is not a port: write a number from 0 to 65535.`);
}
