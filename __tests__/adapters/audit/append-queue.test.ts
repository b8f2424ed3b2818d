import type { SentGroup } from "../../../adapters/audit/append-groups";
import { createAppendQueue, type AppendQueue } from "../../../adapters/audit/append-queue";
import type { Placed } from "../../../lib/audit/stamp-record";

beforeEach(() => jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick", "queueMicrotask"] }));
afterEach(() => jest.useRealTimers());

/** A writer that begins and ends groups when it is told to. */
function slowWriter(): {
  readonly send: (items: readonly string[]) => SentGroup;
  begin(): void;
  end(): void;
  /** Groups in the order in which they came, and what was written of them. */
  readonly sent: readonly string[][];
  readonly written: readonly string[];
} {
  const groups: { items: readonly string[]; state: "waiting" | "begun" | "withdrawn"; end(): void }[] = [];
  const [sent, written]: [string[][], string[]] = [[], []];
  function send(items: readonly string[]): SentGroup {
    sent.push([...items]);
    const places = new Promise<readonly Placed[]>((resolve) => {
      const end = (): void => resolve(items.map((item) => written.push(item)));
      groups.push({ items, state: "waiting", end });
    });
    const group = groups.at(-1);
    const withdraw = (): boolean => {
      if (group?.state === "waiting") group.state = "withdrawn";
      return group?.state === "withdrawn";
    };
    return { places, withdraw };
  }
  const begin = (): void => {
    while (groups[0]?.state === "withdrawn") groups.shift();
    if (groups[0] !== undefined) groups[0].state = "begun";
  };
  return { send, begin, end: () => groups.shift()?.end(), sent, written };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const nameOf = (append: Promise<unknown>): Promise<string> =>
  append.then(
    () => "durable",
    (error: unknown) => (error as Error).name,
  );

async function begunAndQueued(ahead: number): Promise<{
  readonly writer: ReturnType<typeof slowWriter>;
  readonly queue: AppendQueue<string>;
  readonly answers: readonly string[];
}> {
  const writer = slowWriter();
  const queue = createAppendQueue({ send: writer.send, ahead, timeoutMs: 50, capacity: 10 });
  const begun = nameOf(queue.append(["begun"]));
  await turn();
  writer.begin();
  const queued = [nameOf(queue.append(["one"]))];
  await turn();
  queued.push(nameOf(queue.append(["two"])));
  jest.advanceTimersByTime(50);
  return { writer, queue, answers: await Promise.all([begun, ...queued]) };
}

describe.each([1, 2, 8])("with %d groups under way", (ahead) => {
  it("gives up for certain what had not begun, and writes nothing of it", async () => {
    const { writer, queue, answers } = await begunAndQueued(ahead);
    expect(answers).toEqual(["UncertainAppend", "Error", "Error"]);
    writer.end();
    const after = nameOf(queue.append(["after"]));
    await turn();
    await turn();
    writer.begin();
    writer.end();
    expect(await after).toBe("durable");
    expect(writer.written).toEqual(["begun", "after"]);
  });
});

it("keeps the order of appends when a group is taken back before those behind it have timed out", async () => {
  const writer = slowWriter();
  const queue = createAppendQueue({ send: writer.send, ahead: 8, timeoutMs: 500, capacity: 10 });
  const first = nameOf(queue.append(["first"]));
  await turn();
  jest.advanceTimersByTime(300);
  const second = nameOf(queue.append(["second"]));
  await turn();
  const third = nameOf(queue.append(["third"]));
  await turn();
  jest.advanceTimersByTime(200);
  expect(await first).toBe("Error");
  await turn();
  await turn();
  expect(writer.sent.slice(0, 3)).toEqual([["first"], ["second"], ["third"]]);
  expect(writer.sent.slice(3).flat()).toEqual(["second", "third"]);
  while (writer.written.length < 2) {
    writer.begin();
    writer.end();
    await turn();
  }
  expect([await second, await third]).toEqual(["durable", "durable"]);
  expect(writer.written).toEqual(["second", "third"]);
});

it("takes no more than may wait, and counts what it has sent until that is answered", async () => {
  const writer = slowWriter();
  const queue = createAppendQueue({ send: writer.send, ahead: 8, timeoutMs: 5_000, capacity: 3 });
  const taken = [nameOf(queue.append(["a", "b"])), nameOf(queue.append(["c"]))];
  await turn();
  await expect(queue.append(["d"])).rejects.toThrow("Too many audit records are waiting.");
  writer.begin();
  writer.end();
  expect(await Promise.all(taken)).toEqual(["durable", "durable"]);
  const drained = queue.drain();
  await expect(queue.append(["e"])).rejects.toThrow("The audit log is closed.");
  await drained;
});
