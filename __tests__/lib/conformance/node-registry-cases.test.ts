import { sqliteStore } from "../../../adapters/stores/sqlite";
import { nodeRegistryCases } from "../../../lib/conformance";
import type { NodeRegistry } from "../../../lib/ports/node-registry";
import type { Store } from "../../../lib/ports/store";
import { tempFolder } from "../../adapters/stores/temp-folder";

const fresh = tempFolder();

/** One registry for each case, broken so that the case must find it. */
const FAULTS: Readonly<Record<string, (sound: NodeRegistry) => Partial<NodeRegistry>>> = {
  "lists the nodes that gave a sign of life, by name, with what they said last": (sound) => ({
    live: async (leaseMs) => [...(await sound.live(leaseMs))].reverse(),
  }),
  "tells how long ago a node gave its last sign of life, by the clock that it noted it by": (sound) => ({
    live: async (leaseMs) => (await sound.live(leaseMs)).map((node) => ({ ...node, ageMs: 0 })),
  }),
  "forgets a node whose lease ran out": (sound) => ({ live: () => sound.live(60_000) }),
  "lets a later boot take the place of an earlier one, and only a boot itself leave": (sound) => ({
    leave: async (node) => {
      for (const { boot } of await sound.live(60_000)) await sound.leave(node, boot);
    },
  }),
};

function broken(fault: (sound: NodeRegistry) => Partial<NodeRegistry>): Store {
  const store = sqliteStore(fresh());
  const { nodes } = store;
  if (nodes === undefined) throw new Error("The SQLite store has a registry of nodes.");
  return { ...store, nodes: { ...nodes, ...fault(nodes) } };
}

describe("every case of the node registry's conformance suite", () => {
  it.each(nodeRegistryCases(() => sqliteStore(fresh())).map(({ name }) => name))(
    "fails a registry that breaks it: %s",
    async (name) => {
      const fault = FAULTS[name];
      if (fault === undefined) throw new Error("No registry is broken for this case.");
      const found = nodeRegistryCases(() => broken(fault)).find((candidate) => candidate.name === name);
      await expect(found?.run()).rejects.toThrow();
    },
  );

  it("fails a store that has no registry", async () => {
    const { nodes: _, ...store } = sqliteStore(fresh());
    for (const { run } of nodeRegistryCases(() => store)) await expect(run()).rejects.toThrow("no registry of nodes");
  });
});
