import { resolvePeppers } from "../../lib/resolve-peppers";
import { createOperatorLog } from "../../adapters/operator-log";
import { readGateFile } from "../../adapters/gate-file/read-gate-file";
import { present } from "../output/present";
import { readPolicy } from "../policy/read-policy";
import { readTextFile } from "../read-text-file";
import { refuseTakenPort } from "../server/listen";
import { runGate } from "../server/run-gate";
import { startGate } from "../server/start-gate";
import { initializeWhenFresh } from "../store/initialize-store";
import { withAdmin, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";
import { curlLines } from "./curl-lines";
import { DEMO_KEY, DEMO_USER, makeDemoFiles } from "./demo-files";
import { describeDemo } from "./describe-demo";

export interface DemoOptions {
  readonly port: number;
  /** The folder. */
  readonly dir: string;
  readonly json?: boolean;
}

/** Makes what the demo needs and serves until the signal aborts. */
export async function runDemo(options: DemoOptions, stop: AbortSignal, terminal: Terminal): Promise<void> {
  const { environment } = terminal;
  const files = makeDemoFiles(options.dir);
  const read = readGateFile(readTextFile(files.config), files.config, environment);
  const file = { ...read, listen: { ...read.listen, port: options.port } };
  await refuseTakenPort(file.listen);
  await applyDemoPolicy(file.database, files.policy, terminal);
  const log = createOperatorLog({ level: file.log.level });
  const running = await startGate(file, log, environment);
  const key = await renewDemoKey(file.database).catch(async (error: unknown) => {
    await running.close(0);
    throw error;
  });
  const demo = { listening: running.url, key, user: DEMO_USER, curl: curlLines(running.url, key) };
  if (!stop.aborted) present(terminal, options, demo, () => describeDemo(demo, files, file.database));
  await runGate(running, file.drainMs, stop, log);
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
