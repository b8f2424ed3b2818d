import { memoryStore } from "../../../adapters/stores/memory";
import { createAdmin, type Applied } from "../../../lib/admin";
import { manualClock } from "../../support/manual-clock";

const LEASE_MS = 15_000;
const STALE_MS = 30_000;
/** Longer than any wait here, so that only what the nodes do ends it. */
const LONG_MS = 3_600_000;

/** A store at epoch 1, a gate that lives and has seen that, and one that said something last when epoch 0 was all. */
async function setting(staleMs = STALE_MS) {
  const clock = manualClock();
  const store = memoryStore({ now: clock.now });
  await store.open();
  const said = { boot: "b", staleMs, buses: [] };
  await store.nodes?.beat({ ...said, node: "cut-off", appliedEpoch: 0 });
  const beat = () => store.nodes?.beat({ ...said, node: "alive", appliedEpoch: 1 });
  await beat();
  await store.admin.transaction((tx) => tx.putOrganization("acme", null));
  const admin = createAdmin({ store, clock, random: (size) => new Uint8Array(size) });
  const pass = async (ms: number) => {
    await clock.advance(ms);
    await beat();
  };
  return { admin, clock, store, pass };
}

/** What a wait has come to so far; null while it goes on. */
function waited(wait: Promise<Applied>) {
  let ended: Applied | null = null;
  void wait.then((applied) => (ended = applied));
  return async (): Promise<Applied | null> => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return ended;
  };
}

describe("what waits until a change has taken effect everywhere", () => {
  it("waits for a silent gate until it can serve no longer what it saw before the change, and names it", async () => {
    const { admin, clock, pass } = await setting();
    const changedAt = clock.now();
    const wait = admin.appliedEverywhere(LONG_MS);
    const ended = waited(wait);
    await pass(LEASE_MS + 1);
    expect(await ended()).toBeNull();
    await pass(STALE_MS - LEASE_MS - 2);
    expect(await ended()).toBeNull();
    await pass(1);
    expect(await wait).toMatchObject({
      ...{ applied: ["alive"], waiting: [] },
      silent: [{ node: "cut-off", servesUntil: changedAt + STALE_MS, over: true }],
    });
  });

  it("names the gates that are left when its time is over", async () => {
    const { admin, clock, pass } = await setting();
    expect(await admin.appliedEverywhere(0)).toMatchObject({ applied: ["alive"], waiting: ["cut-off"], silent: [] });
    await pass(LEASE_MS);
    expect(await admin.appliedEverywhere(0)).toMatchObject({
      ...{ applied: ["alive"], waiting: [] },
      silent: [{ node: "cut-off", servesUntil: clock.now() + STALE_MS, over: false }],
    });
  });

  it("waits as long as the gate says that it serves without the store, be it nothing or minutes", async () => {
    const brief = await setting(2_000);
    await brief.pass(LEASE_MS);
    const wait = brief.admin.appliedEverywhere(LONG_MS);
    const ended = waited(wait);
    expect(await ended()).toBeNull();
    await brief.pass(2_000);
    expect((await wait).silent).toMatchObject([{ node: "cut-off", over: true }]);
    const long = await setting(300_000);
    await long.pass(LEASE_MS + 299_999);
    expect((await long.admin.appliedEverywhere(0)).silent).toMatchObject([{ node: "cut-off", over: false }]);
  });

  it("waits for nobody who could serve no longer before the change was made", async () => {
    const { admin, pass } = await setting();
    await pass(LEASE_MS + STALE_MS);
    expect(await admin.appliedEverywhere(LONG_MS)).toMatchObject({ applied: ["alive"], waiting: [], silent: [] });
  });
});

it("the list of gates has those that are silent, up to when they can serve", async () => {
  const { admin, clock, pass } = await setting();
  const listed = async () => (await admin.nodes()).map(({ node, servesUntil }) => [node, servesUntil]);
  expect(await listed()).toEqual([
    ["alive", null],
    ["cut-off", null],
  ]);
  await pass(LEASE_MS);
  expect(await listed()).toEqual([
    ["alive", null],
    ["cut-off", clock.now() + STALE_MS],
  ]);
  await pass(STALE_MS);
  expect(await listed()).toEqual([["alive", null]]);
});
