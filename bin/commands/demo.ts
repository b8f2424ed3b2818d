import { Command, Option } from "commander";
import { resolvePeppers } from "../../lib/resolve-peppers";
import { createOperatorLog } from "../../adapters/operator-log";
import { readGateFile } from "../../adapters/gate-file/read-gate-file";
import { usageError } from "../command-error";
import { curlLines } from "../demo/curl-lines";
import { DEMO_KEY, DEMO_USER, makeDemoFiles } from "../demo/demo-files";
import { describeDemo } from "../demo/describe-demo";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { readPolicy } from "../policy/read-policy";
import { readTextFile } from "../read-text-file";
import { runGate } from "../server/run-gate";
import { startGate } from "../server/start-gate";
import { initializeWhenFresh } from "../store/initialize-store";
import { jsonOption } from "../store/store-options";
import { withAdmin, withStore } from "../store/with-store";
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
      const stop = untilStopped();
      const files = makeDemoFiles(options.dir);
      const read = readGateFile(readTextFile(files.config), files.config, terminal.environment);
      const file = { ...read, listen: { ...read.listen, port: readPort(port ?? options.port) } };
      await applyDemoPolicy(file.database, files.policy, terminal);
      const log = createOperatorLog({ level: file.log.level });
      const running = await startGate(file, log, terminal.environment);
      const key = await renewDemoKey(file.database);
      const demo = { listening: running.url, key, user: DEMO_USER, curl: curlLines(running.url, key) };
      if (!stop.aborted) present(terminal, options, demo, () => describeDemo(demo, files, file.database));
      await runGate(running, file.drainMs, stop, log);
    });
}

async function applyDemoPolicy(database: string, path: string, { environment }: Terminal): Promise<void> {
  const policy = readPolicy(path);
  await initializeWhenFresh(database, environment);
  await withStore(database, (store) => withAdmin(store, {}, (admin) => admin.applyPolicy(policy)));
}

/** Only now that the port is ours: another demo of this folder may be running on it, with the key of its own. */
async function renewDemoKey(database: string): Promise<string> {
  return withStore(database, (store) => {
    const peppers = resolvePeppers(undefined, store.pepperFile);
    return withAdmin(store, { peppers }, async (admin) => {
      const before = await admin.listKeys({ email: DEMO_USER });
      const { key } = await admin.createKey({ email: DEMO_USER, name: DEMO_KEY });
      const old = before.filter(({ name, revokedAt }) => name === DEMO_KEY && revokedAt === null);
      for (const { id } of old) await admin.revokeKey(id);
      return key;
    });
  });
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= 65_535) return port;
  throw usageError(`${JSON.stringify(text)} is not a port: write a number from 0 to 65535.`);
}
