import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for the tests of one file: paths in it are fresh, and it goes when they are done. */
export function tempFolder(): (name?: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "gate-store-"));
  let files = 0;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name ?? `${(files += 1)}.db`);
}
