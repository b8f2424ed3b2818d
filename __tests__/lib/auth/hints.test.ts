import { createStoreWatch, type StoreWatch } from "../../../lib/auth/store-watch";
import { manualClock } from "../../support/manual-clock";

const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A watch that never polls by itself, on a store whose answers the test gives. */
function setting() {
  const waiting: ((epoch: number) => void)[] = [];
  const seen: (number | null)[] = [];
  const watch: StoreWatch = createStoreWatch({
    store: { epoch: () => new Promise((resolve) => waiting.push(resolve)), changesSince: async () => [] },
    clock: manualClock(),
    logger,
    pollMs: 1_000,
    timeoutMs: 1_000,
    onChange: () => void seen.push(null),
  });
  const asked = async (count: number): Promise<void> => {
    while (waiting.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  const later = () => new Promise((resolve) => setTimeout(resolve, 30));
  return { watch, waiting, asked, later };
}

describe("a hint", () => {
  it("has the store looked at, once for many", async () => {
    const { watch, waiting, asked, later } = setting();
    for (let epoch = 1; epoch <= 50; epoch += 1) watch.hint(epoch);
    await asked(1);
    await later();
    expect(waiting).toHaveLength(1);
  });

  it("says nothing new about an epoch that was seen", async () => {
    const { watch, waiting, later } = setting();
    const looked = watch.look();
    waiting.splice(0).forEach((answer) => answer(5));
    await looked;
    watch.hint(5);
    watch.hint(4);
    await later();
    expect(waiting).toHaveLength(0);
    watch.hint(null);
    await later();
    expect(waiting).toHaveLength(1);
  });

  it("is not satisfied by a look that began before it", async () => {
    const { watch, waiting, asked, later } = setting();
    const early = watch.look();
    watch.hint(2);
    await later();
    expect(waiting).toHaveLength(1);
    waiting.splice(0).forEach((answer) => answer(1));
    await early;
    await asked(1);
    waiting.splice(0).forEach((answer) => answer(2));
    await later();
    expect(watch.epoch()).toBe(2);
  });
});
