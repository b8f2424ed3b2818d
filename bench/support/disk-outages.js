const { execFileSync, spawnSync } = require("node:child_process");
const { closeSync, openSync, rmSync, writeSync } = require("node:fs");
const path = require("node:path");
const { built } = require("./build");
const { canFreeze, canLoop, canMount, loopDisk, smallDisk } = require("./disks");

const { openSqlite } = built("adapters/stores/sqlite-driver.js");

/**
 * What may befall the database of a running server. `begin({ site, gate, disk })` lets it happen, and gives what ends it;
 * `lacks()` says what this machine has not got for that; `disk()` is the disk that the site is to be on. A `likeness` stands for the outage of that name where it cannot be had.
 */
exports.DISK_OUTAGES = {
  locked: { begin: ({ site }) => lock(site.database) },
  full: {
    lacks: () => !canMount() && "a tmpfs cannot be mounted here",
    disk: () => smallDisk("6m"),
    begin: ({ site }) => fill(site.folder),
  },
  immutable: {
    likeness: "readOnly",
    lacks: () => !canFreeze() && "files cannot be made immutable here",
    begin: ({ site }) => freeze(site),
  },
  limited: {
    likeness: "failing",
    lacks: () => spawnSync("prlimit", ["--version"]).status !== 0 && "there is no prlimit here",
    begin: ({ gate }) => limit(gate.pid),
  },
  failing: {
    lacks: () => !(canLoop() && canFreeze()) && "no ext4 on a loop device can be had here",
    disk: () => loopDisk({ journal: false }),
    begin({ disk }) {
      disk.failWrites();
      return disk.takeWrites;
    },
  },
  readOnly: {
    lacks: () => !canLoop() && "no ext4 on a loop device can be had here",
    disk: () => loopDisk({ journal: true }),
    begin({ disk, site }) {
      disk.fault();
      return () => disk.replace(site.folder);
    },
  },
};

/** The first refusals wait for the lock, so that they are the slow ones. */
function lock(database) {
  const connection = openSqlite(database);
  connection.exec("begin exclusive");
  return () => {
    connection.exec("rollback");
    connection.close();
  };
}

function fill(folder) {
  const file = path.join(folder, "filler");
  const descriptor = openSync(file, "w");
  const block = Buffer.alloc(4_096);
  try {
    for (;;) writeSync(descriptor, block);
  } catch (error) {
    if (error.code !== "ENOSPC") throw error;
  }
  closeSync(descriptor);
  return () => rmSync(file);
}

/**
 * Open files, and new ones, take no writes. Not the file that SQLite maps into memory: a write to a mapped page of an
 * immutable file ends the process, as no read-only disk does.
 */
function freeze({ folder, database }) {
  const files = [folder, database, `${database}-wal`];
  execFileSync("chattr", ["+i", ...files]);
  return () => execFileSync("chattr", ["-i", ...files]);
}

/** With a limit of no bytes on files every write of the process fails, which SQLite takes for an I/O error. */
function limit(pid) {
  const setLimit = (bytes) => execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
  setLimit(0);
  return () => setLimit("unlimited");
}
