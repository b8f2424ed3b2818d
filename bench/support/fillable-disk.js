const { execFileSync, spawnSync } = require("node:child_process");
const { mkdirSync, statfsSync } = require("node:fs");

const ROOM = "8g";

/** Why `fillableDisk` cannot be had here; null when it can. */
exports.whyNoFillableDisk = function whyNoFillableDisk() {
  if (process.getuid?.() !== 0) return "only root may mount one";
  try {
    execFileSync("unshare", ["--mount", "true"], { stdio: "ignore" });
    return null;
  } catch {
    return "nothing can be mounted here";
  }
};

/** A file system of its own in memory that can be full from one moment to the next, and has room again. */
exports.fillableDisk = function fillableDisk(folder) {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${ROOM}`, "tmpfs", folder]);
  const resize = (size) => spawnSync("mount", ["-o", `remount,size=${size}`, folder]).status === 0;
  return {
    /** Somebody may write between the look and the change, which then fails: the disk gets a little more each time. */
    fill() {
      for (let spare = 1; ; spare *= 2) {
        const { blocks, bfree, bsize } = statfsSync(folder);
        if (resize((blocks - bfree + spare) * bsize)) return;
      }
    },
    empty: () => void resize(ROOM),
    /** Whoever still has files open there keeps it until then. */
    remove: () => execFileSync("umount", ["--lazy", folder]),
  };
};
