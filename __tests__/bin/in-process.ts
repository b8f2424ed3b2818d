import { Readable } from "node:stream";
import { run } from "../../bin/run";
import type { CommandOptions, Ended } from "../support/command-line";

/** The same command line without a process of its own: for tables of many small cases. */
export async function runInProcess(
  args: readonly string[],
  { env = {}, input = "" }: Omit<CommandOptions, "cwd"> = {},
): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  const code = await run(args, {
    environment: env,
    input: Readable.from([Buffer.from(input)]),
    print: (text) => void (said.stdout += `${text}\n`),
    ready: async () => undefined,
    complain: (text) => void (said.stderr += `${text}\n`),
  });
  return { code, ...said };
}
