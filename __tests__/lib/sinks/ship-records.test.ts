import { memoryStore } from "../../../adapters/stores/memory";
import { auditEvent } from "../../../lib/audit/record";
import type { AuditLog } from "../../../lib/ports/audit-log";
import type { AuditSink } from "../../../lib/ports/audit-sink";
import type { Store } from "../../../lib/ports/store";
import { shipRecords, type RecordShippingParts, type Shipping } from "../../../lib/sinks/ship-records";
import { SinkTrouble } from "../../../lib/sinks/sink-trouble";
import { collectingSink, upTo } from "../../support/collecting-sink";

const closing: (() => Promise<void>)[] = [];
const logged: { readonly level: string; readonly message: string; readonly meta: object }[] = [];
const note =
  (level: string) =>
  (message: string, meta: object = {}) =>
    void logged.push({ level, message, meta });
const logger = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };

beforeEach(() => (logged.length = 0));
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function opened(): Promise<Store> {
  const store = memoryStore();
  await store.open();
  closing.push(() => store.close());
  return store;
}

function logOf(store: Store, node: string): AuditLog {
  const log = store.auditLog({ node, boot: "b" });
  closing.push(() => log.close());
  return log;
}

async function append(log: AuditLog, count: number): Promise<void> {
  await log.append(Array.from({ length: count }, () => auditEvent("refusal", 0, {})));
}

async function shipping(
  sinks: readonly AuditSink[],
  store: Store,
  parts: Partial<RecordShippingParts> = {},
): Promise<Shipping> {
  const log = parts.log ?? store.auditLog({ node: "reader", boot: "r" });
  const started = shipRecords(sinks, {
    ...{ log, registry: store.sinks, holder: "gate", logger, pollMs: 10, chance: () => 0 },
    ...parts,
  });
  closing.push(() => started.stop(100));
  await started.start();
  return started;
}

it("carries every chain to every sink, each chain in its order, in batches", async () => {
  const store = await opened();
  const [one, two] = [logOf(store, "one"), logOf(store, "two")];
  await append(one, 5);
  await append(two, 3);
  const [first, second] = [collectingSink("first", { limits: { records: 2, bytes: 9_999 } }), collectingSink("second")];
  const shipped = await shipping([first.sink, second.sink], store);
  await append(one, 2);
  shipped.write([]);
  await Promise.all([first.has(10), second.has(10)]);
  for (const { got } of [first, second])
    expect(["one", "two"].map((node) => got.filter((id) => id.startsWith(node)))).toEqual([
      upTo("one", 7),
      upTo("two", 3),
    ]);
  expect(Math.max(...first.batches)).toBe(2);
  expect(shipped.health()).toEqual(
    ["first", "second"].map((name) => ({ name, delivered: 10, behind: 0, failures: 0, error: null })),
  );
});

it("keeps a batch within its bytes, and gives a record that is larger alone", async () => {
  const store = await opened();
  await append(logOf(store, "one"), 3);
  const small = collectingSink("small", { limits: { records: 100, bytes: 10 } });
  await shipping([small.sink], store);
  await small.has(3);
  expect(small.batches).toEqual([1, 1, 1]);
});

it("lets a sink that hangs fall behind, and no other with it", async () => {
  const store = await opened();
  const one = logOf(store, "one");
  await append(one, 2);
  const [hung, well] = [collectingSink("hung"), collectingSink("well")];
  hung.answer = () => new Promise(() => undefined);
  const shipped = await shipping([hung.sink, well.sink], store);
  await well.has(2);
  await append(one, 3);
  await well.has(5);
  const [health] = shipped.health();
  expect(health).toMatchObject({ name: "hung", delivered: 0 });
  expect(health?.behind).toBeGreaterThanOrEqual(2);
});

it("gives a sink that refused or overran its time the same batch again, and then what came meanwhile", async () => {
  const store = await opened();
  const one = logOf(store, "one");
  await append(one, 2);
  const moody = collectingSink();
  const moods = [() => Promise.reject(new Error("secret-in-words")), () => new Promise(() => undefined)];
  moody.answer = async (records) => {
    const mood = moods.shift();
    if (mood === undefined) return;
    expect(records).toHaveLength(2);
    await append(one, 1);
    await mood();
  };
  const shipped = await shipping([moody.sink], store, { deliverMs: 50 });
  await moody.has(4);
  expect(moody.got).toEqual(upTo("one", 4));
  expect(moody.batches).toEqual([2, 2, 2, 2]);
  while (logged.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(logged.map(({ level }) => level)).toEqual(["warn", "warn", "info"]);
  expect(JSON.stringify(logged)).not.toContain("secret-in-words");
  expect(shipped.health()[0]).toMatchObject({ failures: 0, error: null });
});

it("asks a sink that failed again when its pause is over, however much comes meanwhile, and stops at once", async () => {
  const store = await opened();
  const log = logOf(store, "one");
  await append(log, 1);
  let asked = 0;
  const deliver = (): Promise<void> => {
    asked += 1;
    return Promise.reject(new SinkTrouble("it answered 429", { retryAfterMs: 3_600_000 }));
  };
  const shipped = await shipping([{ name: "full", deliver }], store);
  while (shipped.health()[0]?.failures !== 1) await new Promise((resolve) => setTimeout(resolve, 5));
  for (let more = 0; more < 5; more += 1) {
    await append(log, 1);
    shipped.write([]);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(asked).toBe(1);
  await shipped.stop(5_000);
  expect(asked).toBe(2);
});

it("tells operators what a sink said of its trouble, in the log and in the store", async () => {
  const store = await opened();
  await append(logOf(store, "one"), 1);
  const refusing = collectingSink();
  refusing.answer = () => Promise.reject(new SinkTrouble("it answered 403", { permanent: true }));
  const shipped = await shipping([refusing.sink], store);
  while ((await store.sinks?.list())?.[0]?.error === null) await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await store.sinks?.list())?.[0]).toMatchObject({ sink: "copy", error: "it answered 403" });
  expect(logged[0]).toMatchObject({ level: "error", meta: { sink: "copy", error: "it answered 403", behind: 1 } });
  expect(shipped.health()[0]).toMatchObject({ failures: 1, behind: 1, error: "it answered 403" });
});

it("goes on after a restart where the sink was, without a record twice", async () => {
  const store = await opened();
  const one = logOf(store, "one");
  await append(one, 3);
  const before = collectingSink();
  const first = await shipping([before.sink], store);
  await before.has(3);
  await first.stop(1_000);
  await append(one, 2);
  const after = collectingSink();
  await shipping([after.sink], store);
  await after.has(2);
  expect(after.got).toEqual(upTo("one", 5, 4));
});

it("delivers what is there when it stops, the last checkpoint too", async () => {
  const store = await opened();
  const one = logOf(store, "one");
  const late = collectingSink();
  const shipped = await shipping([late.sink], store, { pollMs: 60_000 });
  await append(one, 4);
  await shipped.stop(5_000);
  expect(late.got).toEqual(upTo("one", 4));
});

it("begins with what comes, where a sink says so, and has later chains whole", async () => {
  const store = await opened();
  const [one, two] = [logOf(store, "one"), logOf(store, "two")];
  await append(one, 3);
  const fresh = collectingSink("fresh", { from: "now" });
  await shipping([fresh.sink], store);
  await append(one, 1);
  await append(two, 1);
  await fresh.has(2);
  expect(fresh.got.toSorted()).toEqual(["one:4", "two:1"]);
});

it("ships each chain from one of several gates, and from another when that one is gone", async () => {
  const store = await opened();
  const one = logOf(store, "one");
  await append(one, 1);
  const [here, there] = [collectingSink(), collectingSink()];
  const first = await shipping([here.sink], store, { holder: "a", leaseMs: 300 });
  await here.has(1);
  await shipping([there.sink], store, { holder: "b", leaseMs: 300 });
  await append(one, 1);
  await here.has(2);
  expect(there.got).toEqual([]);
  await first.stop(1_000);
  await append(one, 1);
  await there.has(1);
  expect([here.got, there.got]).toEqual([upTo("one", 2), ["one:3"]]);
});

it("takes over what a gate held that died without a word", async () => {
  const store = await opened();
  await append(logOf(store, "one"), 2);
  const heads = await store.auditLog({ node: "r", boot: "r" }).heads();
  await store.sinks?.take({ sink: "copy", holder: "dead", leaseMs: 200, heads, from: "beginning" });
  const living = collectingSink();
  await shipping([living.sink], store, { leaseMs: 300 });
  await living.has(2);
  expect(living.got).toEqual(upTo("one", 2));
});

it("waits for a trail that cannot be read, and says so without its words", async () => {
  const store = await opened();
  const right = logOf(store, "one");
  await append(right, 1);
  let broken = true;
  const heads = () => (broken ? Promise.reject(new Error("postgres://gate:secret@db")) : right.heads());
  const sink = collectingSink();
  await shipping([sink.sink], store, { log: { ...right, heads } });
  while (logged.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  broken = false;
  await sink.has(1);
  expect(JSON.stringify(logged)).not.toContain("secret");
});

it("goes on with other chains where one cannot be read, and names that one", async () => {
  const store = await opened();
  const [one, two] = [logOf(store, "one"), logOf(store, "two")];
  await append(one, 1);
  await append(two, 1);
  const read: AuditLog["read"] = (query) =>
    query.node === "one" ? Promise.reject(new SyntaxError("secret words")) : two.read(query);
  const sink = collectingSink();
  const shipped = await shipping([sink.sink], store, { log: { ...two, read } });
  await sink.has(1);
  while (shipped.health()[0]?.error === null) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(sink.got).toEqual(["two:1"]);
  expect(shipped.health()[0]?.error).toBe("the trail of one cannot be read after 0: SyntaxError");
});

it("says of a sink that rejects with nothing that it does not take records, and lets one go that throws as it is closed", async () => {
  const store = await opened();
  await append(logOf(store, "one"), 1);
  const collecting = collectingSink("null", {
    close: () => {
      throw new Error("closed already");
    },
  });
  collecting.answer = () => Reflect.apply(Promise.reject.bind(Promise), null, [null]);
  const shipped = await shipping([collecting.sink], store);
  while (shipped.health()[0]?.failures === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(shipped.health()[0]).toMatchObject({ behind: 1, error: "it gave no reason" });
  await expect(shipped.stop(100)).resolves.toBeUndefined();
});

it("gives a sink whose batches may hold no record one at a time", async () => {
  const store = await opened();
  await append(logOf(store, "one"), 2);
  const { sink, has, batches } = collectingSink("none", { limits: { records: 0, bytes: 0 } });
  await shipping([sink], store);
  await has(2);
  expect(batches).toEqual([1, 1]);
});
