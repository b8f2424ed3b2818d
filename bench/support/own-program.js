const { once } = require("node:events");
const { existsSync, readdirSync, readFileSync } = require("node:fs");
const net = require("node:net");
const path = require("node:path");

/** A program of the machine, in the search path or in one of these folders; null when it is not installed. */
exports.findProgram = function findProgram(name, folders = []) {
  const places = [...folders, ...(process.env.PATH ?? "").split(path.delimiter)];
  return places.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? null;
};

/** A loopback port that nothing listened on a moment ago. */
exports.freePort = async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
};

/** The children that a process has right now. */
exports.childrenOf = function childrenOf(pid) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
};

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return null;
  }
}
