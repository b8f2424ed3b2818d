/**
 * Packs the package as it would be published, lets publint and are-the-types-wrong read the tarball, installs it into a
 * project of strangers, and runs their code: ES module, CommonJS, Jest in both modes, TypeScript node16 and nodenext.
 */
const { execFileSync, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const root = path.join(__dirname, "..");
const consumers = path.join(root, "__tests__/packaging/consumers");
const modules = path.join(root, "node_modules");
/** Linked, not installed: compilers, runners and types, and the optional peer that would have to be compiled again. */
const LINKED = ["better-sqlite3", "@types/node", "@types/express", "@jest/globals"];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "llm-gate-package-"));
try {
  check();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

function check() {
  const tarball = pack();
  run("publint", [process.execPath, bin("publint"), tarball]);
  // node10 knows no subpath exports; this package asks for Node 20.
  run("are the types wrong", [process.execPath, bin("@arethetypeswrong/cli", "attw"), tarball, "--profile", "node16"]);
  const project = install(tarball);
  const node = (name, ...args) => run(name, [process.execPath, ...args], project);
  node("ES module", "esm.mjs");
  node("CommonJS", "commonjs.cjs");
  node("every export", "every-export.mjs");
  node("Jest, CommonJS", bin("jest"), "--rootDir", ".", "--testMatch", "**/*.test.cjs");
  node("Jest, ES modules", "--experimental-vm-modules", bin("jest"), "--rootDir", ".", "--testMatch", "**/*.test.mjs");
  for (const resolution of ["node16", "nodenext"]) {
    node(`TypeScript ${resolution}`, bin("typescript", "tsc"), "-p", "tsconfig.json", "--module", resolution);
  }
  console.log("the package holds up in all of them");
}

function pack() {
  const [packed] = JSON.parse(
    capture(["npm", "pack", "--json", "--ignore-scripts", "--pack-destination", folder], root),
  );
  const stray = packed.files
    .map(({ path: file }) => file)
    .filter((file) => /__tests__|\.tsx?$/.test(file) && !file.endsWith(".d.ts"));
  if (stray.length > 0) throw new Error(`the tarball holds what is not for users: ${stray.join(", ")}`);
  return path.join(folder, packed.filename);
}

function install(tarball) {
  const project = path.join(folder, "project");
  fs.cpSync(consumers, project, { recursive: true });
  for (const extension of ["mts", "cts"]) {
    fs.copyFileSync(path.join(project, "typescript.ts"), path.join(project, `typescript.${extension}`));
  }
  fs.writeFileSync(
    path.join(project, "package.json"),
    JSON.stringify({ name: "consumer", private: true, jest: { transform: {} } }),
  );
  const { devDependencies } = require("../package.json");
  const wanted = [tarball, `express@${devDependencies.express}`];
  run(
    "install",
    ["npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", ...wanted],
    project,
  );
  for (const name of LINKED) {
    const link = path.join(project, "node_modules", name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    if (!fs.existsSync(link)) fs.symlinkSync(path.join(modules, name), link);
  }
  return project;
}

/** The script behind a command, so that it runs on this very Node. */
function bin(name, command = name) {
  const { bin: commands } = JSON.parse(fs.readFileSync(path.join(modules, name, "package.json"), "utf8"));
  return path.join(modules, name, typeof commands === "string" ? commands : commands[command]);
}

function run(name, [command, ...args], cwd = root) {
  console.log(`-- ${name}`);
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status !== 0) throw new Error(`the packed package fails: ${name}`);
}

function capture([command, ...args], cwd) {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
