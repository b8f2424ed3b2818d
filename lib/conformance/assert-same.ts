import assert from "node:assert/strict";

/**
 * The same data. Lists that come out of a native driver have another realm's prototypes under some test runners, which
 * is no difference to who reads them.
 */
export function assertSame(actual: unknown, expected: unknown): void {
  assert.deepEqual(plain(actual), plain(expected));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
