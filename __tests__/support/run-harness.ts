import { execFile } from "node:child_process";
import { join } from "node:path";

/** A harness judges itself: 0 when what it watched kept its promises. */
interface HarnessRun {
  readonly code: number;
  readonly result: Readonly<Record<string, unknown>>;
}

/** Runs a script of bench/ that prints one line of JSON. */
export function runHarness(script: string, ...args: readonly string[]): Promise<HarnessRun> {
  const file = join(__dirname, "../../bench", script);
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [file, ...args], (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      const line = stdout.trim();
      if (line.startsWith("{")) resolve({ code, result: JSON.parse(line) as HarnessRun["result"] });
      else reject(new Error(`${script} said ${JSON.stringify(line)} and ${JSON.stringify(stderr)}`));
    });
  });
}
