import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describeWithPostgres, postgresDatabases } from "../support/postgres-server";
import { describeWithOwnRedis } from "../support/redis-server";

const run = promisify(execFile);
const SCRIPT = join(__dirname, "../../bench/revocation.js");
/** Each starts gates in processes of their own. */
const PATIENCE_MS = 120_000;

interface Measured {
  readonly p50Ms: number;
  readonly maxMs: number;
  readonly relapses: number;
  readonly failures: number;
  readonly streams: number;
  readonly streamMaxMs: number;
  readonly streamsBadlyEnded: number;
  readonly streamsOffRecord: number;
}

/** A few trials of the measurement that a release runs in full. */
async function measured(url: string, mode: string, trials: number): Promise<Measured> {
  const site = ["--postgres", url, "--mode", mode, "--nodes", "2"];
  const args = [SCRIPT, String(trials), ...site, "--rate", "25", "--at-once", "6", "--streams"];
  const { stdout } = await run(process.execPath, args).catch(
    (failed: unknown) => failed as { readonly stdout: string },
  );
  return JSON.parse(stdout) as Measured;
}

/** On a machine that runs other suites too, what matters is that nobody waited for a poll. */
const HINTED_MS = 700;
const POLLED_MS = 5_000;
const STREAM_MS = 1_000;
const ENDS_WELL = { relapses: 0, failures: 0, streamsBadlyEnded: 0, streamsOffRecord: 0 };

describeWithPostgres("a revoked key, at two gates on one PostgreSQL", () => {
  const database = postgresDatabases();

  it(
    "is dead everywhere at a NOTIFY, and stays so; its streams end in their dialect and on record",
    async () => {
      const result = await measured(await database(), "notify", 24);
      expect(result).toMatchObject({ ...ENDS_WELL, streams: 24 * 2 * 3 });
      expect(result.p50Ms).toBeLessThan(200);
      expect(result.maxMs).toBeLessThan(HINTED_MS);
      expect(result.streamMaxMs).toBeLessThan(STREAM_MS);
    },
    PATIENCE_MS,
  );

  describeWithOwnRedis("hinted at over Redis", () => {
    it(
      "is dead everywhere at a message, and stays so; its streams end in their dialect and on record",
      async () => {
        const result = await measured(await database(), "redis", 12);
        expect(result).toMatchObject(ENDS_WELL);
        expect(result.maxMs).toBeLessThan(HINTED_MS);
        expect(result.streamMaxMs).toBeLessThan(STREAM_MS);
      },
      PATIENCE_MS,
    );

    it.each([
      ["hangs and its clients think that it is well", "hung", 6],
      ["is silently cut off from half of the gates", "partitioned", 6],
      ["comes and goes", "flapping", 6],
    ])(
      "is dead within five seconds when Redis %s",
      async (_, mode, trials) => {
        const result = await measured(await database(), mode, trials);
        expect(result).toMatchObject(ENDS_WELL);
        expect(result.maxMs).toBeLessThan(POLLED_MS);
        expect(result.streamMaxMs).toBeLessThan(POLLED_MS + STREAM_MS);
      },
      PATIENCE_MS,
    );
  });
});
