const { readdirSync, readFileSync, readlinkSync } = require("node:fs");

const LISTENING = "0A";

/** The TCP sockets that a process holds, by their port on this machine; listening ones aside. Linux tells. */
exports.openSockets = function openSockets(pid) {
  const own = new Set(readdirSync(`/proc/${pid}/fd`).map((name) => inodeOf(`/proc/${pid}/fd/${name}`)));
  const lines = readFileSync("/proc/net/tcp", "utf8").trim().split("\n").slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state !== LISTENING && own.has(inode))
    .map(([, local]) => parseInt(local.split(":")[1], 16));
};

function inodeOf(file) {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(file))?.[1];
  } catch {
    return undefined;
  }
}
