import { readFileSync, writeFileSync } from "node:fs";
import { publicKeysIn } from "../../lib/audit/checkpoint-key";
import { readCheckpointFile } from "../../adapters/audit/read-checkpoint-file";
import type { AuditRecord } from "../../lib/audit/record";
import { realTrail, type RealTrail } from "../support/real-trail";
import { runInProcess } from "./in-process";

let trail: RealTrail;
beforeAll(async () => (trail = await realTrail()), 60_000);
afterAll(() => trail.remove());

const audit = async (...args: readonly string[]) => runInProcess(["audit", ...args, "--store", `sqlite:${trail.path}`]);

it("feeds verification from the records that a sink got: checkpoints are among them, signed", async () => {
  const { stdout } = await audit("export", "--format", "jsonl");
  const records = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as AuditRecord);
  const copies = `${trail.folder}/from-sink.jsonl`;
  const lines = records.flatMap(({ checkpoint }) => (checkpoint === null ? [] : [`${JSON.stringify(checkpoint)}\n`]));
  writeFileSync(copies, lines.join(""));
  let read = 0;
  for await (const line of readCheckpointFile(copies)) if ("number" in line) read += 1;
  expect(read).toBe(lines.length);
  expect(read).toBeGreaterThan(2);
  expect(publicKeysIn(readFileSync(trail.publicKey, "utf8")).size).toBe(1);
  const verdict = await audit("verify", "--checkpoints", copies, "--public-key", trail.publicKey, "--json");
  expect(verdict.code).toBe(0);
  expect(JSON.parse(verdict.stdout)).toMatchObject({ status: "clean", checkpoints: { copied: read } });
});

it("says what would go, and does it when told to, on record and provably", async () => {
  const dry = await audit("prune", "--before", "0m");
  expect([dry.code, dry.stderr]).toEqual([0, ""]);
  expect(dry.stdout).toMatch(
    /^would go +\d+ records\nup to +the checkpoint of .*\n(chain .*\n)+to do it +add --yes\n$/,
  );
  const before = JSON.parse((await audit("verify", "--json")).stdout) as { readonly records: number };
  const done = JSON.parse((await audit("prune", "--before", "0m", "--yes", "--json")).stdout) as {
    readonly done: boolean;
    readonly dropped: number;
  };
  expect(done.done).toBe(true);
  const verified = await audit("verify", "--checkpoints", trail.copies, "--public-key", trail.publicKey);
  expect(verified.code).toBe(0);
  expect(verified.stdout).toMatch(/^begins +after the checkpoint number \d+, pruned /m);
  const after = JSON.parse((await audit("verify", "--json")).stdout) as { readonly records: number };
  // The word of the prune, a checkpoint over it, and one at the end of the command line that wrote.
  expect(after.records).toBe(before.records - done.dropped + 3);
  expect((await audit("search", "--kind", "admin")).stdout).toContain("audit.prune");
});

it("refuses what makes no sense", async () => {
  expect(await audit("prune", "--before", "yesterday")).toMatchObject({ code: 2 });
  expect(await audit("prune", "--before", "1d", "--key", `${trail.folder}/no.key`)).toMatchObject({ code: 1 });
  expect((await runInProcess(["audit", "prune"])).stderr).toContain("required option '--before <time>' not specified");
});
