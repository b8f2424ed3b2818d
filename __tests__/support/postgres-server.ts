import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { describeWith } from "./describe-with";
import {
  findProgram,
  freePort,
  runProgram,
  startProgram,
  type ProgramOptions,
  type ServerProcess,
} from "./own-process";

const DEBIAN = "/usr/lib/postgresql";
const SETTINGS = [
  ...["listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=32MB", "max_connections=200"],
  // A killed process loses nothing by this, only a machine that loses power.
  ...["fsync=off", "log_min_messages=fatal"],
];

/** A PostgreSQL with a data folder of its own, which tests may stop, kill and freeze. */
export interface PostgresServer {
  /** The address of a fresh database. */
  database(): Promise<string>;
  /** As a machine that is switched off, and on again. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/** Programs of a PostgreSQL 15 or later, the newest; null when there is none. */
const postgres = findProgram("postgres", debianFolders());
const programs = postgres === null ? null : dirname(postgres);

/** Suites on any PostgreSQL: the one of TEST_POSTGRES_URL, else one of our own. */
export const describeWithPostgres = describeWith(
  "PostgreSQL",
  programs !== null || process.env["TEST_POSTGRES_URL"] !== undefined,
);

/** Suites that stop, kill or freeze it: always one of our own. */
export const describeWithOwnPostgres = describeWith("PostgreSQL", programs !== null);

/** Fresh databases for the tests of one suite, on a server that is there for all of them. */
export function postgresDatabases(): () => Promise<string> {
  const given = process.env["TEST_POSTGRES_URL"];
  if (given !== undefined) return () => createDatabase(given);
  const server = ownPostgres();
  return () => server().database();
}

/** A server for one suite: started before its tests, removed after them. */
export function ownPostgres(): () => PostgresServer {
  let server: PostgresServer | null = null;
  beforeAll(async () => {
    server = await startPostgres();
  }, 30_000);
  afterAll(() => server?.remove(), 30_000);
  return () => {
    if (server === null) throw new Error("The PostgreSQL of this suite has not started.");
    return server;
  };
}

/** Text sorts by the rules of English, so that nothing that leans on the database's own order goes unnoticed. */
const CLUSTER = ["--username=gate", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"];
const ENGLISH = ["--locale-provider=icu", "--icu-locale=en"];

async function startPostgres(): Promise<PostgresServer> {
  if (programs === null) throw new Error("PostgreSQL is not installed.");
  const owner = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), "gate-postgres-"));
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const options = { ...owner, cwd: folder };
  const data = join(folder, "data");
  await runProgram(join(programs, "initdb"), ["--pgdata", data, ...CLUSTER, ...ENGLISH], options);
  return running(join(programs, "postgres"), data, options, () => rmSync(folder, { recursive: true, force: true }));
}

async function running(
  program: string,
  data: string,
  options: ProgramOptions,
  removeFolder: () => void,
): Promise<PostgresServer> {
  const port = await freePort();
  const args = ["-D", data, "-p", `${port}`, ...SETTINGS.flatMap((setting) => ["-c", setting])];
  let server: ServerProcess | null = null;
  const root = `postgres://gate@127.0.0.1:${port}/postgres`;
  const end = async (signal: "SIGINT" | "SIGKILL"): Promise<void> => {
    const ending = server;
    server = null;
    ending?.thaw();
    await ending?.end(signal);
  };
  const start = async (): Promise<void> => {
    server = await startProgram(program, args, port, options);
    await answering(root);
  };
  await start();
  return {
    database: () => createDatabase(root),
    kill: () => end("SIGKILL"),
    stop: () => end("SIGINT"),
    start,
    freeze: () => server?.freeze(),
    thaw: () => server?.thaw(),
    async remove() {
      await end("SIGINT");
      removeFolder();
    },
  };
}

/** It takes connections before it is ready for them, after a crash above all. */
async function answering(url: string): Promise<void> {
  for (;;) {
    const client = new Client({ connectionString: url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if ((error as { readonly code?: string }).code !== "57P03") throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      await client.end();
    }
  }
}

let databases = 0;

async function createDatabase(root: string): Promise<string> {
  const name = `gate_${process.pid}_${(databases += 1)}`;
  const client = new Client({ connectionString: root });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(root);
  url.pathname = `/${name}`;
  return url.href;
}

function debianFolders(): readonly string[] {
  try {
    const versions = readdirSync(DEBIAN).map(Number);
    return versions
      .filter((version) => version >= 15)
      .sort((a, b) => b - a)
      .map((version) => join(DEBIAN, `${version}`, "bin"));
  } catch {
    return [];
  }
}

/** PostgreSQL refuses to run as root: its packages come with a user for it. */
function unprivileged(): ProgramOptions {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("postgres:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined) throw new Error("There is no user postgres to run PostgreSQL as.");
  return { uid: Number(uid), gid: Number(gid) };
}
