import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith } from "./describe-with";
import { findProgram, freePort, startProgram, type ServerProcess } from "./own-process";

/** A NATS with JetStream on, with a data folder of its own, which tests may stop, kill and freeze. */
export interface NatsServer {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

const program = findProgram("nats-server", ["/usr/sbin"]);

export const hasNats = program !== null;

/** Suites on a NATS of their own. */
export const describeWithNats = describeWith("NATS", hasNats);

const ACCOUNT = { user: "gate", password: "hunter2-nats" };

/** A server for one suite: started before its tests, killed after them. */
export function ownNats(): () => NatsServer {
  let server: NatsServer | null = null;
  let folder = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "gate-nats-"));
    server = await startNats(folder);
  }, 30_000);
  afterAll(async () => {
    await server?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    if (server === null) throw new Error("The NATS of this suite has not started.");
    return server;
  };
}

async function startNats(folder: string): Promise<NatsServer> {
  if (program === null) throw new Error("NATS is not installed.");
  const port = await freePort();
  const config = join(folder, "nats.conf");
  const { user, password } = ACCOUNT;
  writeFileSync(
    config,
    `listen: "127.0.0.1:${port}"\njetstream { store_dir: ${JSON.stringify(folder)} }\nauthorization { user: ${user}, password: ${password} }\n`,
  );
  let server: ServerProcess | null = null;
  const start = async (): Promise<void> => {
    server = await startProgram(program, ["-c", config], port);
  };
  await start();
  return {
    ...{ url: `nats://127.0.0.1:${port}`, user, password, start },
    async kill() {
      const ending = server;
      server = null;
      await ending?.end("SIGKILL");
    },
    freeze: () => server?.freeze(),
    thaw: () => server?.thaw(),
  };
}
