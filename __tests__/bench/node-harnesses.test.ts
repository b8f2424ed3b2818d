import { execFile } from "node:child_process";
import { join } from "node:path";
import { describeWithPostgres, postgresDatabases } from "../support/postgres-server";

/** The harnesses judge themselves; they are run short here, at length by hand. */
const PATIENCE_MS = 120_000;

interface Run {
  readonly code: number;
  readonly result: Readonly<Record<string, unknown>>;
}

function run(script: string, ...args: readonly string[]): Promise<Run> {
  const file = join(__dirname, "../../bench", script);
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [file, ...args], (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      const line = stdout.trim();
      if (line.startsWith("{")) resolve({ code, result: JSON.parse(line) as Run["result"] });
      else reject(new Error(`${script} said ${JSON.stringify(line)} and ${JSON.stringify(stderr)}`));
    });
  });
}

describeWithPostgres("gates on one PostgreSQL", () => {
  const database = postgresDatabases();

  it(
    "ask it once for 1,000 cold callers of a key, never for noise, and little when everything changed",
    async () => {
      const load = ["--nodes", "2", "--new-keys", "5", "--keys", "500", "--unknown", "2000"];
      const { result } = await run("look-ups.js", "--postgres", await database(), ...load);
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
      const { result } = await run("rotations.js", "10", "--postgres", await database(), "--kills", "4");
      expect(result).toMatchObject({ failed: 0, oldKey: { relapses: 0, odd: 0 }, killed: { rotations: 4, half: 0 } });
      const { oldKey } = result as { readonly oldKey: Readonly<Record<"lastLetInMs" | "firstRefusedMs", number>> };
      expect(oldKey.lastLetInMs).toBeLessThan(1_000);
      expect(oldKey.firstRefusedMs).toBeGreaterThan(-1_000);
    },
    PATIENCE_MS,
  );
});

it(
  "replaced one after the other under load, servers break no call that had begun, leave no intent open, and end in time",
  async () => {
    const { result } = await run("rolling-restarts.js", "4", "--callers", "8");
    expect(result).toMatchObject({ restarts: 4, broken: 0, openIntents: 0, interrupted: 0, badExits: 0 });
    expect(Number(result["ok"])).toBeGreaterThan(10);
    expect(result["probeMaxMs"]).toBeLessThan(500);
    expect(result["endMaxMs"]).toBeLessThan(2_000 + 2_000);
  },
  PATIENCE_MS,
);
