/**
 * `describe` for suites that need a program of the machine. Without it they are skipped, with the reason in the output;
 * where CI is true they fail, so that nothing is skipped there by accident.
 */
export function describeWith(program: string, isThere: boolean): (name: string, suite: () => void) => void {
  if (isThere) return describe;
  const reason = `${program} is not installed`;
  if (process.env["CI"] === "true")
    return (name) => describe(name, () => it(reason, () => Promise.reject(new Error(reason))));
  process.stdout.write(`Suites that need ${program} are skipped: ${reason}.\n`);
  return describe.skip;
}
