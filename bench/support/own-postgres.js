const { execFileSync, spawn } = require("node:child_process");
const { once } = require("node:events");
const { chownSync, readdirSync, readFileSync } = require("node:fs");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const { Client } = require("pg");
const { childrenOf, findProgram, freePort } = require("./own-program");

const DEBIAN = "/usr/lib/postgresql";
const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "shared_buffers=32MB",
  "max_connections=300",
];
const NO_SUCH_PROCESS = "ESRCH";

/** The newest PostgreSQL of the machine, 15 or later; null when there is none. */
exports.findPostgres = function findPostgres() {
  return findProgram("postgres", debianFolders());
};

/**
 * A PostgreSQL with its data in `folder`, in processes of our own that may be frozen, thawed and killed; it keeps
 * what it acknowledged. `url` is an empty database. PostgreSQL refuses to run as root: then it runs as its own user.
 */
exports.startPostgres = async function startPostgres(folder) {
  const postgres = exports.findPostgres();
  const owner = unprivileged();
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = path.join(folder, "data");
  const options = { ...owner, cwd: folder, stdio: "ignore" };
  const cluster = ["--pgdata", data, "--username=gate", "--auth=trust", "--no-sync", "--encoding=UTF8"];
  execFileSync(path.join(path.dirname(postgres), "initdb"), cluster, options);
  const port = await freePort();
  const args = ["-D", data, "-p", `${port}`, ...SETTINGS.flatMap((setting) => ["-c", setting])];
  const url = `postgres://gate@127.0.0.1:${port}/postgres`;
  const server = { child: null, ended: null };
  const start = async () => {
    server.child = spawn(postgres, args, options);
    server.ended = once(server.child, "exit").then(() => (server.child = null));
    await untilAnswering(url, server);
  };
  const family = () => (server.child === null ? [] : [server.child.pid, ...childrenOf(server.child.pid)]);
  await start();
  return {
    url,
    freeze: () => family().forEach((pid) => send(pid, "SIGSTOP")),
    thaw: () =>
      family()
        .reverse()
        .forEach((pid) => send(pid, "SIGCONT")),
    /** After it ended by itself, which a full disk may make it do. */
    async revive() {
      while (server.child === null) await start();
    },
    /** As a machine that is switched off. */
    async kill() {
      for (const pid of family().reverse()) send(pid, "SIGKILL");
      await server.ended;
    },
    async end() {
      family()
        .reverse()
        .forEach((pid) => send(pid, "SIGCONT"));
      server.child?.kill("SIGINT");
      await server.ended;
    },
  };
};

async function untilAnswering(url, server) {
  while (server.child !== null) {
    const client = new Client({ connectionString: url });
    client.on("error", () => undefined);
    const answered = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    if (answered) return;
    await sleep(50);
  }
}

function debianFolders() {
  try {
    const versions = readdirSync(DEBIAN)
      .map(Number)
      .filter((version) => version >= 15);
    return versions.sort((a, b) => b - a).map((version) => path.join(DEBIAN, `${version}`, "bin"));
  } catch {
    return [];
  }
}

function unprivileged() {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("postgres:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid === undefined) throw new Error("There is no user postgres to run PostgreSQL as.");
  return { uid: Number(uid), gid: Number(gid) };
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== NO_SUCH_PROCESS) throw error;
  }
}
