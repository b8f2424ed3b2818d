import { storeTime } from "../../../lib/auth/store-time";
import { handClock } from "../../support/key-fixture";

const STORE = Date.UTC(2026, 0, 2);

/** A node whose clock is four years ahead of its store's, and a store that takes as long to answer as it is told. */
function setting() {
  const clock = handClock();
  const answer = { beforeMs: 0, afterMs: 0, stepMs: 0, fails: false };
  const store = {
    async now() {
      clock.advance(answer.beforeMs);
      const told = STORE + clock.monotonic() + answer.stepMs;
      clock.advance(answer.afterMs);
      if (answer.fails) throw new Error("no answer");
      return Math.floor(told);
    },
  };
  const time = storeTime(store, clock, 1_000);
  const wrongBy = () => time.now() - (STORE + clock.monotonic());
  return { clock, answer, time, wrongBy };
}

describe("the store's time", () => {
  it("is this machine's until the store was asked, and where it tells none", async () => {
    const { clock, time } = setting();
    expect(time.now()).toBe(clock.now());
    const none = storeTime({}, clock, 1_000);
    await none.ask();
    expect(none.now()).toBe(clock.now());
  });

  it("goes on by the clock that never steps, whatever the other one says", async () => {
    const { clock, time, wrongBy } = setting();
    await time.ask();
    clock.advance(123_456);
    expect(Math.abs(wrongBy())).toBeLessThanOrEqual(1);
  });

  it("is not moved by a slow answer, and moved by a quick one", async () => {
    const { answer, time, wrongBy } = setting();
    Object.assign(answer, { beforeMs: 800, afterMs: 0 });
    await time.ask();
    expect(Math.abs(wrongBy())).toBeLessThanOrEqual(401);
    Object.assign(answer, { beforeMs: 1, afterMs: 1 });
    await time.ask();
    const known = wrongBy();
    expect(Math.abs(known)).toBeLessThanOrEqual(3);
    for (const delays of [
      { beforeMs: 900, afterMs: 0 },
      { beforeMs: 0, afterMs: 900 },
    ]) {
      Object.assign(answer, delays);
      await time.ask();
      expect(Math.abs(wrongBy() - known)).toBeLessThanOrEqual(1);
    }
  });

  it("follows a store whose clock was set, and stands when the store does not answer", async () => {
    const { answer, time, wrongBy } = setting();
    await time.ask();
    answer.stepMs = -3_600_000;
    await time.ask();
    expect(Math.abs(wrongBy() + 3_600_000)).toBeLessThanOrEqual(1);
    answer.fails = true;
    await time.ask();
    expect(Math.abs(wrongBy() + 3_600_000)).toBeLessThanOrEqual(1);
  });
});
