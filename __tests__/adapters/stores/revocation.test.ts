import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";
import { describeWithRedis } from "../../support/redis-server";

const run = promisify(execFile);
const SCRIPT = join(__dirname, "../../../bench/revocation.js");

interface Measured {
  readonly p50Ms: number;
  readonly maxMs: number;
  readonly relapses: number;
  readonly failures: number;
}

/** A few trials of the measurement that a release runs in full. */
async function measured(url: string, mode: string, trials: number): Promise<Measured> {
  const args = [SCRIPT, String(trials), "--postgres", url, "--mode", mode, "--nodes", "2", "--rate", "25"];
  const { stdout } = await run(process.execPath, args).catch(
    (failed: unknown) => failed as { readonly stdout: string },
  );
  return JSON.parse(stdout) as Measured;
}

/** On a machine that runs other suites too, what matters is that nobody waited for a poll. */
const HINTED_MS = 700;
const POLLED_MS = 5_000;

describeWithPostgres("a revoked key, at two gates on one PostgreSQL", () => {
  const database = postgresDatabases();

  it("is dead everywhere at a NOTIFY, and stays so", async () => {
    const { p50Ms, maxMs, relapses, failures } = await measured(await database(), "notify", 6);
    expect(p50Ms).toBeLessThan(200);
    expect(maxMs).toBeLessThan(HINTED_MS);
    expect([relapses, failures]).toEqual([0, 0]);
  });

  describeWithRedis("hinted at over Redis", () => {
    it("is dead everywhere at a message, and stays so", async () => {
      const { maxMs, relapses, failures } = await measured(await database(), "redis", 4);
      expect(maxMs).toBeLessThan(HINTED_MS);
      expect([relapses, failures]).toEqual([0, 0]);
    });

    it("is dead within five seconds when Redis hangs and its clients think that it is well", async () => {
      const { maxMs, relapses, failures } = await measured(await database(), "hung", 1);
      expect(maxMs).toBeLessThan(POLLED_MS);
      expect([relapses, failures]).toEqual([0, 0]);
    });
  });
});
