import { MOST_STALE_MS } from "../../../lib/options";
import type { BusHealth } from "../../../lib/ports/bus";
import type { NodeRecord, NodeRegistry, NodeState } from "../../../lib/ports/node-registry";
import { integerColumn, optionalInteger, optionalText, textColumn } from "./columns";
import type { NodeRow } from "./schema";
import type { SqlSeam } from "./seam";
import { inWriteTransaction } from "./write-transaction";

export function createNodes(seam: SqlSeam, now: () => Promise<number>): NodeRegistry {
  return Object.freeze({
    async beat({ node, boot, appliedEpoch, staleMs, buses }: NodeState): Promise<void> {
      const at = await now();
      const said = {
        ...{ boot, seen_at: at, applied_epoch: appliedEpoch },
        ...{ stale_ms: staleMs, buses: JSON.stringify(buses) },
      };
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
      const at = await now();
      const rows = await seam.reads
        .selectFrom("nodes")
        .selectAll()
        .where("seen_at", ">", at - leaseMs)
        .orderBy("node")
        .execute();
      return rows.map((row) => readNode(row, at));
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

/** What an older release says nothing of is taken to be as bad as may be. */
function readNode(row: NodeRow, now: number): NodeRecord {
  const seenAt = integerColumn(row.seen_at, "nodes.seen_at");
  return Object.freeze({
    node: textColumn(row.node, "nodes.node"),
    boot: textColumn(row.boot, "nodes.boot"),
    startedAt: integerColumn(row.started_at, "nodes.started_at"),
    ...{ seenAt, ageMs: now - seenAt },
    appliedEpoch: optionalInteger(row.applied_epoch, "nodes.applied_epoch"),
    staleMs: optionalInteger(row.stale_ms, "nodes.stale_ms") ?? MOST_STALE_MS,
    buses: JSON.parse(optionalText(row.buses, "nodes.buses") ?? "[]") as readonly BusHealth[],
  });
}
