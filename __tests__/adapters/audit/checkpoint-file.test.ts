import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkpointFile } from "../../../adapters/audit/checkpoint-file";
import { readCheckpointKey } from "../../../adapters/audit/checkpoint-key-file";
import { signCheckpoint, type SignedCheckpoint } from "../../../lib/audit/checkpoint";
import { checkpointSigner } from "../../../lib/audit/checkpoint-key";
import { checkpointKeys } from "../../support/checkpoint-key";

const folder = mkdtempSync(join(tmpdir(), "llm-gate-checkpoints-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keys = checkpointKeys();
const place = { node: "n", boot: "b", at: "2026-01-02T00:00:00.000Z", heads: [] };
const first = signCheckpoint({ ...place, previous: null }, checkpointSigner(keys.privateKey));
const second = signCheckpoint({ ...place, previous: first }, checkpointSigner(keys.privateKey));

function linesOf(path: string): readonly SignedCheckpoint[] {
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as SignedCheckpoint);
}

it("appends a line for each, in a file that only its owner reads", async () => {
  const path = join(folder, "whole.jsonl");
  await checkpointFile(path).write([first]);
  await checkpointFile(path).write([second]);
  expect(linesOf(path)).toEqual([first, second]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it("starts a line of its own after one that was cut short", async () => {
  const path = join(folder, "cut.jsonl");
  await checkpointFile(path).write([first]);
  appendFileSync(path, '{"origin":"tr');
  await checkpointFile(path).write([second]);
  expect(readFileSync(path, "utf8").split("\n")[2]).toBe(JSON.stringify(second));
});

it("rejects when nothing can be written", async () => {
  await expect(checkpointFile(join(folder, "no", "such.jsonl")).write([first])).rejects.toMatchObject({
    code: "ENOENT",
  });
});

it("reads a private key, and says in a sentence what is wrong with a file that holds none", () => {
  const path = join(folder, "checkpoint.key");
  writeFileSync(path, keys.privateKey, { mode: 0o600 });
  expect(readCheckpointKey(path)).toBe(keys.privateKey);
  writeFileSync(path, "canary");
  expect(() => readCheckpointKey(path)).toThrow(`${path} does not hold an Ed25519 private key in PEM.`);
  expect(() => readCheckpointKey(`${path}.gone`)).toThrow(
    `The checkpoint key ${path}.gone is not there: \`llm-gate init\` makes one beside the database.`,
  );
});
