import fc from "fast-check";
import { createFloodControl, type FloodOptions } from "../../../lib/audit/flood";
import { auditEvent, type AuditEvent } from "../../../lib/audit/record";
import type { RefusalReason } from "../../../lib/denial";
import { manualClock } from "../../support/manual-clock";

function setting(options: FloodOptions = { perSecond: 3 }) {
  const clock = manualClock();
  const written: AuditEvent[] = [];
  let down = false;
  const append = async (events: readonly AuditEvent[]): Promise<void> => {
    if (down) throw new Error("down");
    written.push(...events);
  };
  const { refuse, close } = createFloodControl({ ...options, append, clock, schedule: clock.schedule });
  const settled: string[] = [];
  const refusal = (source: string | null, reason: RefusalReason = "missing", status = 401): void => {
    const answered = refuse(
      auditEvent("refusal", clock.now(), { source, reason, status, protocol: "chat", path: `/v1/${Math.random()}` }),
    );
    void answered.then(
      () => settled.push("durable"),
      () => settled.push("failed"),
    );
  };
  const kinds = (): Record<string, number> => countBy(written, ({ kind }) => kind);
  return { clock, written, settled, refusal, refuse, close, kinds, breakDown: (now: boolean) => void (down = now) };
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

const total = (written: readonly AuditEvent[]): number => written.reduce((sum, { count }) => sum + (count ?? 1), 0);
const times = (count: number, run: () => void): void => Array.from({ length: count }).forEach(run);

it("records refusals one by one up to the limit, and at once", async () => {
  const { clock, refusal, kinds, settled } = setting();
  times(3, () => refusal("a"));
  await clock.advance(0);
  expect(kinds()).toEqual({ refusal: 3 });
  expect(settled).toHaveLength(3);
});

it("sums what is above the limit into one record at the end of the second", async () => {
  const { clock, refusal, kinds, written } = setting();
  times(10, () => refusal("a"));
  await clock.advance(999);
  expect(kinds()).toEqual({ refusal: 3 });
  await clock.advance(1);
  expect(kinds()).toEqual({ refusal: 3, summary: 1 });
  expect(written[3]).toMatchObject({
    source: "a",
    reason: "missing",
    status: 401,
    protocol: "chat",
    count: 7,
    path: null,
  });
  expect(written[3]).toMatchObject({ at: "2026-01-02T00:00:01.000Z", detail: "since 2026-01-02T00:00:00.000Z" });
});

it("lets no summed refusal be answered before its summary is durable", async () => {
  const { clock, refusal, settled } = setting();
  times(10, () => refusal("a"));
  await clock.advance(999);
  expect(settled).toHaveLength(3);
  await clock.advance(1);
  expect(settled).toEqual(Array.from({ length: 10 }, () => "durable"));
});

it("fails every summed refusal when the summary cannot be written", async () => {
  const { clock, refusal, settled, breakDown } = setting();
  times(5, () => refusal("a"));
  await clock.advance(500);
  breakDown(true);
  await clock.advance(500);
  expect(settled).toEqual(["durable", "durable", "durable", "failed", "failed"]);
  breakDown(false);
  refusal("a");
  await clock.advance(0);
  expect(settled.at(-1)).toBe("durable");
});

it("keeps sources and reasons apart, in the limit and in the sums", async () => {
  const { clock, refusal, written } = setting();
  times(5, () => refusal("a"));
  times(5, () => refusal("b", "malformed"));
  times(4, () => refusal("a", "unknown_key"));
  times(2, () => refusal("c"));
  await clock.advance(1_000);
  const sums = written.filter(({ kind }) => kind === "summary");
  expect(sums.map(({ source, reason, count }) => [source, reason, count])).toEqual([
    ["a", "missing", 2],
    ["b", "malformed", 2],
    ["a", "unknown_key", 4],
  ]);
});

it("begins each second anew", async () => {
  const { clock, refusal, kinds } = setting();
  for (let second = 0; second < 3; second += 1) {
    times(4, () => refusal("a"));
    await clock.advance(1_000);
  }
  expect(kinds()).toEqual({ refusal: 9, summary: 3 });
});

it("counts sources that are too many to tell apart in one bucket", async () => {
  const { clock, refusal, written } = setting({ perSecond: 2, sources: 5 });
  for (let source = 0; source < 50; source += 1) refusal(`source-${source}`);
  await clock.advance(1_000);
  const sums = written.filter(({ kind }) => kind === "summary");
  expect(sums.map(({ source, count }) => [source, count])).toEqual([[null, 43]]);
  expect(total(written)).toBe(50);
});

it("writes a bounded number of summaries in a second", async () => {
  const { clock, refusal, written } = setting({ perSecond: 1, sources: 10_000 });
  for (let source = 0; source < 3_000; source += 1) times(2, () => refusal(`source-${source}`));
  await clock.advance(1_000);
  expect(written.filter(({ kind }) => kind === "summary")).toHaveLength(1_001);
  expect(total(written)).toBe(6_000);
});

it("writes what is due later when it closes", async () => {
  const { refusal, close, written, settled } = setting();
  times(5, () => refusal("a"));
  await close();
  expect(total(written)).toBe(5);
  expect(settled).toHaveLength(5);
});

it("counts every refusal exactly once, whenever it comes", async () => {
  const arrival = fc.record({ wait: fc.nat(700), source: fc.constantFrom("a", "b", null), count: fc.nat(6) });
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { maxLength: 20 }), async (arrivals) => {
      const { clock, refusal, written, settled, close } = setting();
      for (const { wait, source, count } of arrivals) {
        times(count, () => refusal(source));
        await clock.advance(wait);
        expect(settled.length).toBeLessThanOrEqual(total(written));
      }
      await close();
      const sent = arrivals.reduce((sum, { count }) => sum + count, 0);
      expect([total(written), settled.length]).toEqual([sent, sent]);
    }),
    { numRuns: 50 },
  );
});
