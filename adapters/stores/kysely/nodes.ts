import type { NodeRecord, NodeRegistry, NodeState } from "../../../lib/ports/node-registry";
import { integerColumn, optionalInteger, textColumn } from "./columns";
import type { NodeRow } from "./schema";
import type { SqlSeam } from "./seam";
import { inWriteTransaction } from "./write-transaction";

export function createNodes(seam: SqlSeam, now: () => Promise<number>): NodeRegistry {
  return Object.freeze({
    async beat({ node, boot, appliedEpoch }: NodeState): Promise<void> {
      const at = await now();
      const said = { boot, seen_at: at, applied_epoch: appliedEpoch, stale_ms: null, buses: null };
      await inWriteTransaction(seam, lockOf(node), async (tx) => {
        const before = await tx.selectFrom("nodes").selectAll().where("node", "=", node).executeTakeFirst();
        const startedAt = before?.boot === boot ? before.started_at : at;
        await tx
          .insertInto("nodes")
          .values({ node, started_at: startedAt, ...said })
          .onConflict((conflict) => conflict.column("node").doUpdateSet({ started_at: startedAt, ...said }))
          .execute();
      });
    },
    async live(leaseMs: number): Promise<readonly NodeRecord[]> {
      const since = (await now()) - leaseMs;
      const rows = await seam.reads
        .selectFrom("nodes")
        .selectAll()
        .where("seen_at", ">", since)
        .orderBy("node")
        .execute();
      return rows.map(readNode);
    },
    async leave(node: string, boot: string): Promise<void> {
      await inWriteTransaction(seam, lockOf(node), (tx) =>
        tx.deleteFrom("nodes").where("node", "=", node).where("boot", "=", boot).execute(),
      );
    },
  });
}

function lockOf(node: string): string {
  return JSON.stringify(["node", node]);
}

function readNode(row: NodeRow): NodeRecord {
  return Object.freeze({
    node: textColumn(row.node, "nodes.node"),
    boot: textColumn(row.boot, "nodes.boot"),
    startedAt: integerColumn(row.started_at, "nodes.started_at"),
    seenAt: integerColumn(row.seen_at, "nodes.seen_at"),
    appliedEpoch: optionalInteger(row.applied_epoch, "nodes.applied_epoch"),
  });
}
