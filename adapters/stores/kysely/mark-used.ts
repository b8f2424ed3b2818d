import type { SqlSeam } from "./seam";
import { inWriteTransaction } from "./write-transaction";

const LOCK = "last use";

/** Later times win: two nodes may tell of one key. */
export function markUsed(seam: SqlSeam, uses: ReadonlyMap<string, number>): Promise<void> {
  return inWriteTransaction(seam, LOCK, async (tx) => {
    for (const [id, at] of uses) {
      await tx
        .updateTable("keys")
        .set({ last_used_at: at })
        .where("id", "=", id)
        .where(({ or, eb }) => or([eb("last_used_at", "is", null), eb("last_used_at", "<", at)]))
        .execute();
    }
  });
}
