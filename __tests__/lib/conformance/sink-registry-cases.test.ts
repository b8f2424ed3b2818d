import { memoryStore } from "../../../adapters/stores/memory";
import { sinkRegistryCases } from "../../../lib/conformance";
import type { SinkRegistry } from "../../../lib/ports/sink-registry";
import type { Store } from "../../../lib/ports/store";

type Fault = (right: SinkRegistry) => Partial<SinkRegistry>;

function broken(fault: Fault): Store {
  const store = memoryStore();
  if (store.sinks === undefined) throw new Error("The memory store has no registry of sinks.");
  return { ...store, sinks: { ...store.sinks, ...fault(store.sinks) } };
}

async function failures(fault: Fault): Promise<readonly string[]> {
  const outcomes = sinkRegistryCases(() => broken(fault)).map(({ name, run }) =>
    run().then(
      () => [],
      () => [name],
    ),
  );
  return (await Promise.all(outcomes)).flat();
}

describe("a registry of sinks that is right", () => {
  for (const { name, run } of sinkRegistryCases(() => memoryStore())) it(name, run);
});

it.each<[string, Fault, RegExp]>([
  [
    "begins every sink at the beginning",
    (right) => ({ take: (claim) => right.take({ ...claim, from: "beginning" }) }),
    /from now/,
  ],
  [
    "lets everybody have every chain",
    (right) => ({ take: (claim) => right.take({ ...claim, holder: "all" }) }),
    /one holder/,
  ],
  [
    "never lets a lease run out",
    (right) => ({ take: (claim) => right.take({ ...claim, leaseMs: 1e9 }) }),
    /one holder/,
  ],
  ["keeps what is given up", () => ({ release: async () => undefined }), /one holder/],
  ["notes no place", (right) => ({ note: (sink, _, error) => right.note(sink, new Map(), error) }), /never go back/],
  ["forgets trouble", (right) => ({ note: (sink, places) => right.note(sink, places, null) }), /last trouble/],
  ["forgets no sink", () => ({ remove: async () => true }), /forgets a sink/],
])("fails one that %s", async (_, fault, name) => {
  expect((await failures(fault)).some((failed) => name.test(failed))).toBe(true);
});
