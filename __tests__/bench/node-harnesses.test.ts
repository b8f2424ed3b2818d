import { describeWithOwnPostgres, describeWithPostgres, postgresDatabases } from "../support/postgres-server";
import { describeWithOwnRedis } from "../support/redis-server";
import { runHarness } from "../support/run-harness";

/** The harnesses judge themselves; they are run short here, at length by hand. */
const PATIENCE_MS = 120_000;

describeWithPostgres("gates on one PostgreSQL", () => {
  const database = postgresDatabases();

  it(
    "ask it once for 1,000 cold callers of a key, never for noise, and little when everything changed",
    async () => {
      const load = ["--nodes", "2", "--new-keys", "5", "--keys", "500", "--unknown", "2000"];
      const { result } = await runHarness("look-ups.js", "--postgres", await database(), ...load);
      expect(result).toMatchObject({
        cold: { tooMany: 0, statuses: [200] },
        cache: { noise: { lookUps: 0 }, unknown: { evicted: 0, wrong: 0 }, afterChange: { wrong: 0 } },
      });
      const { cache, newKeys } = result as {
        readonly cache: { readonly afterChange: { readonly mostPerSecond: number } };
        readonly newKeys: { readonly maxMs: number };
      };
      expect(cache.afterChange.mostPerSecond).toBeLessThanOrEqual(200);
      expect(newKeys.maxMs).toBeLessThan(1_000);
    },
    PATIENCE_MS,
  );

  it(
    "let clients switch keys at any moment of a rotation's grace, end the old key on time by clocks that are wrong, and find no rotation half done after a kill",
    async () => {
      const { result } = await runHarness("rotations.js", "10", "--postgres", await database(), "--kills", "4");
      expect(result).toMatchObject({ failed: 0, oldKey: { relapses: 0, odd: 0 }, killed: { rotations: 4, half: 0 } });
      const { oldKey } = result as { readonly oldKey: Readonly<Record<"lastLetInMs" | "firstRefusedMs", number>> };
      expect(oldKey.lastLetInMs).toBeLessThan(1_000);
      expect(oldKey.firstRefusedMs).toBeGreaterThan(-1_000);
    },
    PATIENCE_MS,
  );

  it(
    "have their names to themselves: a claimant is told why it may not start, after lost connections too, and takes over from one that was killed, whose open calls it closes",
    async () => {
      const { result } = await runHarness("node-identity.js", "--postgres", await database());
      expect(result).toMatchObject({
        ...{ beside: { refused: true, says: true }, lost: { refused: true, says: true } },
        ...{ held: 3, interrupted: 3, trail: { status: "clean", missing: 0, endedTwice: 0 } },
      });
    },
    PATIENCE_MS,
  );
});

describeWithOwnPostgres("gates on a PostgreSQL that is stopped, cut off and filled", () => {
  describeWithOwnRedis("with a Redis that is too", () => {
    it(
      "keep every promise while they are killed, stopped and their clocks stepped, and serve in full when it is over",
      async () => {
        const run = ["--seconds", "9", "--seed", "33", "--callers", "2", "--slack", "5"];
        const { code, result } = await runHarness("chaos.js", ...run);
        expect(result).toMatchObject({ nodes: 4, violations: [] });
        expect(Number(result["faults"])).toBeGreaterThan(5);
        expect(Number(result["calls"])).toBeGreaterThan(50);
        expect(code).toBe(0);
      },
      PATIENCE_MS,
    );
  });
});

it(
  "replaced one after the other under load, servers break no call that had begun, leave no intent open, and end in time",
  async () => {
    const { result } = await runHarness("rolling-restarts.js", "4", "--callers", "8");
    expect(result).toMatchObject({ restarts: 4, broken: 0, openIntents: 0, interrupted: 0, badExits: 0 });
    expect(Number(result["ok"])).toBeGreaterThan(10);
    expect(result["probeMaxMs"]).toBeLessThan(500);
    expect(result["endMaxMs"]).toBeLessThan(2_000 + 2_000);
  },
  PATIENCE_MS,
);
