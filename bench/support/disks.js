const { execFileSync, spawnSync } = require("node:child_process");
const { closeSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");

const run = (program, ...args) => execFileSync(program, args, { stdio: ["ignore", "pipe", "ignore"] }).toString();
const LOOP_BYTES = 64 * 1_048_576;

/** A file system of so many bytes, in memory. */
exports.smallDisk = function smallDisk(size) {
  return {
    mount: (folder) => void run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder),
    unmount: (folder) => void run("umount", folder),
  };
};

/**
 * An ext4 file system on a loop device of its own, which can go wrong under open files as a real one does:
 * `failWrites()` has the device answer every write with an I/O error, `takeWrites()` mends it; `fault(folder)` is an error
 * that ext4 answers by making itself read-only, for good. `replace(folder)` is what is done then: the file system leaves its
 * place, and is back there repaired, on another device. `copyTo(folder)` mounts a copy of what has reached the device,
 * as after a power cut, until `leave(folder)`. A disk without a journal stands write errors.
 */
exports.loopDisk = function loopDisk({ journal }) {
  const made = { devices: [], images: [], folders: [] };
  let image = "";
  process.once("exit", () => removeAll(made));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  return {
    mount(folder) {
      image = newImage(made, journal);
      mountImage(made, image, folder);
    },
    failWrites: () => void run("chattr", "+i", image),
    takeWrites: () => void run("chattr", "-i", image),
    fault: () => writeFileSync(`/sys/fs/ext4/${path.basename(made.devices.at(-1))}/trigger_fs_error`, "outage"),
    replace(folder) {
      run("umount", "--lazy", folder);
      image = repairedCopy(made, image);
      mountImage(made, image, folder);
    },
    copyTo: (folder) => mountImage(made, repairedCopy(made, image), folder),
    leave: (folder) => void run("umount", folder),
    unmount: () => removeAll(made),
  };
};

function newImage(made, journal) {
  const image = nextImage(made);
  closeSync(openSync(image, "wx", 0o600));
  truncateSync(image, LOOP_BYTES);
  run("mkfs.ext4", "-q", "-F", "-O", journal ? "has_journal" : "^has_journal", image);
  return image;
}

function nextImage(made) {
  made.images.push(path.join(tmpdir(), `llm-gate-disk-${process.pid}-${made.images.length}-${Date.now()}`));
  return made.images.at(-1);
}

function repairedCopy(made, from) {
  const image = nextImage(made);
  run("cp", "--sparse=always", from, image);
  // Exit code 1: it found something, and mended it.
  const { status } = spawnSync("e2fsck", ["-f", "-y", image], { stdio: "ignore" });
  if (status > 1) throw new Error(`e2fsck ended with ${status}`);
  return image;
}

function mountImage(made, image, folder) {
  const device = run("losetup", "--find", "--show", image).trim();
  made.devices.push(device);
  run("mount", "-t", "ext4", "-o", "errors=" + (hasJournal(device) ? "remount-ro" : "continue"), device, folder);
  made.folders.push(folder);
}

function hasJournal(device) {
  return run("tune2fs", "-l", device).includes("has_journal");
}

/** Whoever still has files open there does not keep the devices: they go with the last of these. */
function removeAll({ devices, images, folders }) {
  for (const folder of folders.splice(0).reverse()) spawnSync("umount", ["--lazy", folder], { stdio: "ignore" });
  for (const device of devices.splice(0).reverse()) spawnSync("losetup", ["--detach", device], { stdio: "ignore" });
  for (const image of images.splice(0)) {
    spawnSync("chattr", ["-i", image], { stdio: "ignore" });
    rmSync(image, { force: true });
  }
}

exports.canMount = function canMount() {
  return process.getuid?.() === 0 && spawnSync("unshare", ["--mount", "true"]).status === 0;
};

/** Whether an immutable file takes no writes from those who have it open either: so it is on ext4. */
exports.canFreeze = function canFreeze() {
  const file = path.join(tmpdir(), `llm-gate-immutable-${process.pid}`);
  const descriptor = openSync(file, "w");
  try {
    run("chattr", "+i", file);
    writeSync(descriptor, "x");
    return false;
  } catch (error) {
    return error.code === "EPERM";
  } finally {
    closeSync(descriptor);
    spawnSync("chattr", ["-i", file], { stdio: "ignore" });
    rmSync(file);
  }
};

exports.canLoop = function canLoop() {
  if (!exports.canMount()) return false;
  const programs = ["losetup", "mkfs.ext4", "e2fsck", "tune2fs"];
  return (
    programs.every((program) => spawnSync("which", [program]).status === 0) && spawnSync("losetup", ["-f"]).status === 0
  );
};
