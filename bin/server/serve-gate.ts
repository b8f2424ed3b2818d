import { createOperatorLog } from "../../adapters/operator-log";
import { readGateFile } from "../../adapters/gate-file/read-gate-file";
import { present } from "../output/present";
import { readTextFile } from "../read-text-file";
import type { Terminal } from "../terminal";
import { runGate } from "./run-gate";
import { startGate } from "./start-gate";

export interface ServeOptions {
  /** The gate file. */
  readonly config: string;
  readonly json?: boolean;
}

/** Serves by a gate file until the signal aborts. */
export async function serveGate(options: ServeOptions, stop: AbortSignal, terminal: Terminal): Promise<void> {
  const file = readGateFile(readTextFile(options.config), options.config, terminal.environment);
  const log = createOperatorLog({ level: file.log.level });
  const running = await startGate(file, log, terminal.environment);
  const { url } = running;
  if (!stop.aborted) present(terminal, options, { listening: url }, () => `listening on ${url}`);
  await runGate(running, file.drainMs, stop, log);
}
