import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const build = resolve(__dirname, "../../..", process.env["LLM_GATE_BUILD"] ?? "dist");

/**
 * Runs a script in a Node process of its own, with `load(path)` for the built files. Resolves with what it printed;
 * rejects when it fails, or is killed.
 */
export async function inChildProcess(script: string): Promise<string> {
  const prelude = `const load = (path) => require(${JSON.stringify(build)} + "/" + path);`;
  const { stdout } = await run(process.execPath, ["-e", `${prelude}\n(async () => {${script}})();`]);
  return stdout.trim();
}
