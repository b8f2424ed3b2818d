import type { KeyRehash, PepperUse } from "../../../lib/ports/store";
import { integerColumn } from "./columns";
import type { SqlSeam } from "./seam";
import { inWriteTransaction } from "./write-transaction";

const LOCK = "peppers";

/** Two nodes may have seen one key: the first counts. A key that changed hands of peppers meanwhile is left alone. */
export function rehash(seam: SqlSeam, digests: ReadonlyMap<string, KeyRehash>): Promise<void> {
  return inWriteTransaction(seam, LOCK, async (tx) => {
    for (const [id, { from, digest, pepperVersion }] of digests) {
      await tx
        .updateTable("keys")
        .set({ digest, pepper_version: pepperVersion })
        .where("id", "=", id)
        .where("pepper_version", "=", from)
        .execute();
    }
  });
}

export async function pepperUse({ reads }: SqlSeam, now: number): Promise<readonly PepperUse[]> {
  const rows = await reads
    .selectFrom("keys")
    .select(({ fn, eb, and, or }) => [
      "pepper_version",
      fn.countAll().as("keys"),
      fn
        .countAll()
        .filterWhere(
          and([eb("revoked_at", "is", null), or([eb("expires_at", "is", null), eb("expires_at", ">", now)])]),
        )
        .as("working"),
    ])
    .groupBy("pepper_version")
    .orderBy("pepper_version")
    .execute();
  return rows.map((row) => ({
    version: integerColumn(row.pepper_version, "keys.pepper_version"),
    keys: integerColumn(row.keys, "keys"),
    working: integerColumn(row.working, "keys"),
  }));
}

export async function hasImportedKeys({ reads }: SqlSeam): Promise<boolean> {
  const row = await reads.selectFrom("keys").select("id").where("imported", "=", 1).limit(1).executeTakeFirst();
  return row !== undefined;
}
