import type { NodeRegistry, NodeState } from "../ports/node-registry";
import { assertSame } from "./assert-same";
import type { Case } from "./case";
import type { StoreFactory } from "./store-fixtures";
import { storePartCases, type PartCheck } from "./store-part-cases";

const LEASE_MS = 60_000;

function state(node: string, boot: string, appliedEpoch: number | null): NodeState {
  return { node, boot, appliedEpoch, staleMs: 7_000, buses: [{ name: "redis", connected: false }] };
}

const CHECKS: readonly PartCheck<NodeRegistry>[] = [
  [
    "lists the nodes that gave a sign of life, by name, with what they said last",
    async (nodes) => {
      await nodes.beat(state("two", "b1", null));
      await nodes.beat(state("one", "b1", 3));
      await nodes.beat(state("two", "b1", 4));
      const live = await nodes.live(LEASE_MS);
      assertSame(
        live.map(({ startedAt: _, seenAt: __, ageMs: ___, ...said }) => said),
        [state("one", "b1", 3), state("two", "b1", 4)],
      );
    },
  ],
  [
    "tells how long ago a node gave its last sign of life, by the clock that it noted it by",
    async (nodes) => {
      await nodes.beat(state("one", "b1", 1));
      await new Promise((resolve) => setTimeout(resolve, 60));
      const [node] = await nodes.live(LEASE_MS);
      const age = node?.ageMs ?? 0;
      assertSame([age >= 50, age < LEASE_MS], [true, true]);
    },
  ],
  [
    "forgets a node whose lease ran out",
    async (nodes) => {
      await nodes.beat(state("one", "b1", 1));
      await new Promise((resolve) => setTimeout(resolve, 60));
      assertSame([await nodes.live(30), (await nodes.live(LEASE_MS)).length], [[], 1]);
    },
  ],
  [
    "lets a later boot take the place of an earlier one, and only a boot itself leave",
    async (nodes) => {
      await nodes.beat(state("one", "b1", 1));
      const [before] = await nodes.live(LEASE_MS);
      await nodes.beat(state("one", "b1", 2));
      const [same] = await nodes.live(LEASE_MS);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await nodes.beat(state("one", "b2", 2));
      await nodes.leave("one", "b1");
      const [after] = await nodes.live(LEASE_MS);
      assertSame([same?.startedAt, after?.boot], [before?.startedAt, "b2"]);
      assertSame(Number(after?.startedAt) > Number(before?.startedAt), true);
      await nodes.leave("one", "b2");
      assertSame(await nodes.live(LEASE_MS), []);
    },
  ],
];

/** What a store's registry of nodes must do, where it has one. */
export function nodeRegistryCases(factory: StoreFactory): readonly Case[] {
  return storePartCases(factory, CHECKS, "registry of nodes", ({ nodes }) => nodes);
}
