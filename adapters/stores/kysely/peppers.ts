import type { Kysely } from "kysely";
import type { KeyRehash, PepperUse } from "../../../lib/ports/store";
import { integerColumn } from "./columns";
import type { Schema } from "./schema";
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

export async function pepperUse(
  { reads }: SqlSeam,
  now: number,
  except: readonly number[],
): Promise<readonly PepperUse[]> {
  const rows = await keysBut(reads, except)
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

/** As ranges between the versions, so that an index finds what is there and passes over all the rest. */
function keysBut(db: Kysely<Schema>, except: readonly number[]) {
  const bounds = [...new Set(except)].sort((a, b) => a - b);
  if (bounds.length === 0) return db.selectFrom("keys");
  return db
    .selectFrom("keys")
    .where(({ eb, and, or }) =>
      or([
        ...bounds.map((bound, at) =>
          and([eb("pepper_version", ">", bounds[at - 1] ?? 0), eb("pepper_version", "<", bound)]),
        ),
        eb("pepper_version", ">", bounds.at(-1) ?? 0),
      ]),
    );
}

/** Nothing is written where nothing is new: a gate may start on a database that it can only read. */
export async function pepperProofs(
  seam: SqlSeam,
  given: ReadonlyMap<number, Uint8Array>,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const kept = await readProofs(seam);
  const fresh = [...given].filter(([version]) => !kept.has(version));
  if (fresh.length === 0) return kept;
  await inWriteTransaction(seam, LOCK, (tx) =>
    tx
      .insertInto("pepper_checks")
      .values(fresh.map(([version, proof]) => ({ version, proof })))
      .onConflict((conflict) => conflict.column("version").doNothing())
      .execute(),
  );
  return readProofs(seam);
}

async function readProofs({ reads }: SqlSeam): Promise<ReadonlyMap<number, Uint8Array>> {
  const rows = await reads.selectFrom("pepper_checks").selectAll().execute();
  return new Map(
    rows.map(({ version, proof }) => [integerColumn(version, "pepper_checks.version"), Uint8Array.from(proof)]),
  );
}

export async function hasImportedKeys({ reads }: SqlSeam): Promise<boolean> {
  const row = await reads.selectFrom("keys").select("id").where("imported", "=", 1).limit(1).executeTakeFirst();
  return row !== undefined;
}
