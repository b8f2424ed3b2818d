import type { NodeRegistry } from "../ports/node-registry";
import { assertSame } from "./assert-same";
import type { Case } from "./case";
import type { StoreFactory } from "./store-fixtures";
import { storePartCases, type PartCheck } from "./store-part-cases";

const LEASE_MS = 60_000;

const CHECKS: readonly PartCheck<NodeRegistry>[] = [
  [
    "lists the nodes that gave a sign of life, by name, with what they said last",
    async (nodes) => {
      await nodes.beat({ node: "two", boot: "b1", appliedEpoch: null });
      await nodes.beat({ node: "one", boot: "b1", appliedEpoch: 3 });
      await nodes.beat({ node: "two", boot: "b1", appliedEpoch: 4 });
      const live = await nodes.live(LEASE_MS);
      assertSame(
        live.map(({ node, boot, appliedEpoch }) => ({ node, boot, appliedEpoch })),
        [
          { node: "one", boot: "b1", appliedEpoch: 3 },
          { node: "two", boot: "b1", appliedEpoch: 4 },
        ],
      );
    },
  ],
  [
    "forgets a node whose lease ran out",
    async (nodes) => {
      await nodes.beat({ node: "one", boot: "b1", appliedEpoch: 1 });
      await new Promise((resolve) => setTimeout(resolve, 60));
      assertSame([await nodes.live(30), (await nodes.live(LEASE_MS)).length], [[], 1]);
    },
  ],
  [
    "lets a later boot take the place of an earlier one, and only a boot itself leave",
    async (nodes) => {
      await nodes.beat({ node: "one", boot: "b1", appliedEpoch: 1 });
      const [before] = await nodes.live(LEASE_MS);
      await nodes.beat({ node: "one", boot: "b1", appliedEpoch: 2 });
      const [same] = await nodes.live(LEASE_MS);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await nodes.beat({ node: "one", boot: "b2", appliedEpoch: 2 });
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
