import { limitConcurrency } from "../../../lib/http/limit-concurrency";

describe("limitConcurrency", () => {
  it("runs so many at a time, in order of arrival, and goes on after failures", async () => {
    const inTurn = limitConcurrency(2);
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const work = Array.from({ length: 9 }, (_, index) =>
      inTurn(async () => {
        started.push(index);
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 3));
        running -= 1;
        if (index % 3 === 0) throw new Error(`work ${index}`);
        return index;
      }),
    );
    const outcomes = await Promise.allSettled(work);
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(most).toBe(2);
    expect(outcomes.map(({ status }) => status === "rejected")).toEqual(started.map((index) => index % 3 === 0));
    await expect(inTurn(() => Promise.resolve("again"))).resolves.toBe("again");
  });
});
