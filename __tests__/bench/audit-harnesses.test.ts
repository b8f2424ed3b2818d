import { describeWithOwnPostgres, describeWithPostgres, postgresDatabases } from "../support/postgres-server";
import { runHarness } from "../support/run-harness";

/** The harnesses judge themselves; they are run short here, at length by hand. */
const PATIENCE_MS = 600_000;
const WHOLE = { missing: 0, seenWithoutIntent: 0, begunTwice: 0, endedTwice: 0, integrity: "ok", status: "clean" };

it(
  "killed sixty times under load, loses no acknowledged call, and closes every open one within five seconds",
  async () => {
    const { code, result } = await runHarness("audit-kills.js", "60");
    expect(result).toMatchObject({ ...WHOLE, notAnswered: 0 });
    expect(Number(result["acknowledged"])).toBeGreaterThan(100);
    expect(Number(result["interrupted"])).toBeGreaterThan(0);
    expect(code).toBe(0);
  },
  PATIENCE_MS,
);

it(
  "tampered with 2,000 times in ten ways, is found out each time at the right record; 50,000 untouched raise no alarm",
  async () => {
    const { code, result } = await runHarness("audit-tamper.js", "2000", "--untouched", "50000", "--seed", "4");
    expect(result).toMatchObject({ trials: 2_000, undetected: 0, misnamed: 0, untouched: 50_000, falseAlarms: 0 });
    expect(Object.keys(result["counts"] as object)).toHaveLength(10);
    expect(code).toBe(0);
  },
  PATIENCE_MS,
);

it(
  "left by 500 clients at random bytes, has one right ending for each call, and cancels the provider in time",
  async () => {
    const { code, result } = await runHarness("audit-aborts.js", "500");
    expect(result).toMatchObject({ aborts: 500, endings: "one each", wrongOk: 0, missedOk: 0 });
    expect(Number(result["aborted"])).toBeGreaterThan(0);
    expect(Number(result["ok"])).toBeGreaterThan(0);
    expect(code).toBe(0);
  },
  PATIENCE_MS,
);

it(
  "on a full, read-only or failing disk, and with its database locked, refuses in dialect and in time, reaches no provider, heals, knows revoked keys, and has every answered call",
  async () => {
    const { result } = await runHarness("audit-outages.js", "1", "--quick");
    for (const name of ["locked", "full", "immutable", "limited", "failing", "readOnly"]) {
      const outage = result[name];
      if (typeof outage === "string") process.stdout.write(`The outage ${name} is ${outage}.\n`);
      else expectRefusedAndHealed(outage as Outage);
    }
  },
  PATIENCE_MS,
);

it(
  "cut off or with a bit flipped at 300 random bytes, a log and a spool lose nothing from before that, and hide no loss",
  async () => {
    const { code, result } = await runHarness("audit-tails.js", "--runs", "300");
    expect(result).toEqual({ runs: 300, wrong: 0, examples: [] });
    expect(code).toBe(0);
  },
  PATIENCE_MS,
);

describeWithPostgres("with its trail in PostgreSQL", () => {
  const database = postgresDatabases();

  it(
    "killed three times under load, loses no acknowledged call, and has none twice",
    async () => {
      const { result } = await runHarness("audit-kills.js", "3", "--postgres", await database());
      expect(result).toMatchObject({ ...WHOLE, notAnswered: 0 });
      expect(Number(result["acknowledged"])).toBeGreaterThan(10);
      expect(Number(result["interrupted"])).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
});

describeWithOwnPostgres("with a spool beside a PostgreSQL of its own", () => {
  it(
    "killed while the database is stopped, dead or frozen, answers on, and has every call on record once and in order",
    async () => {
      const { result } = await runHarness("spool-outages.js", "--outages", "3", "--callers", "4");
      expect(result).toMatchObject({ ...WHOLE, notAnswered: 0, outOfOrder: 0 });
      expect(Number(result["kept"])).toBeGreaterThan(10);
    },
    PATIENCE_MS,
  );
});

interface Outage {
  readonly refused: number;
  readonly healedMs: number;
  readonly revokedMs: number;
  /** The trail as the disk alone has it; where the disk can be looked at. */
  readonly powerCut?: object;
}

function expectRefusedAndHealed(outage: Outage): void {
  expect(outage).toMatchObject({ ...WHOLE, odd: 0, leaked: 0 });
  expect(outage.powerCut ?? WHOLE).toMatchObject(WHOLE);
  expect(outage.refused).toBeGreaterThanOrEqual(12);
  expect(outage.healedMs).toBeLessThanOrEqual(5_000);
  expect(outage.revokedMs).toBeLessThanOrEqual(5_000);
}
