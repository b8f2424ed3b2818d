import type { Kysely } from "kysely";
import type { ContentKey, ContentKeys } from "../../../lib/ports/content-keys";
import { bytesColumn, integerColumn, textColumn } from "./columns";
import type { ContentKeyRow, Schema } from "./schema";
import type { SqlSeam } from "./seam";
import { inWriteTransaction } from "./write-transaction";

const LOCK = "content keys";
const PAGE = 100;

export function createContentKeys(seam: SqlSeam): ContentKeys {
  const inTurn = <T>(work: (tx: Kysely<Schema>) => Promise<T>): Promise<T> => inWriteTransaction(seam, LOCK, work);
  return Object.freeze({
    current: (organization: string, user: string) => currentKey(seam.reads, organization, user),
    async find(id: string): Promise<ContentKey | null> {
      const row = await seam.reads.selectFrom("content_keys").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : readKey(row);
    },
    add: (key: ContentKey) =>
      inTurn(async (tx) => {
        const present = await currentKey(tx, key.organization, key.user);
        if (present === null) await tx.insertInto("content_keys").values(rowOf(key)).execute();
        return present ?? key;
      }),
    async erase(organization: string, user: string): Promise<number> {
      const erased = await inTurn((tx) => eraseKeys(tx, organization, user));
      await seam.forget();
      return erased;
    },
    async wrappedByOthers(wrappedBy: string): Promise<readonly ContentKey[]> {
      const kept = seam.reads.selectFrom("content_keys").selectAll().where("wrapped", "is not", null);
      const rows = await kept.where("wrapped_by", "<>", wrappedBy).orderBy("id").limit(PAGE).execute();
      return rows.map(readKey);
    },
    async rewrap(id: string, wrapped: Uint8Array, wrappedBy: string): Promise<void> {
      const change = { wrapped, wrapped_by: wrappedBy };
      await inTurn((tx) =>
        tx.updateTable("content_keys").set(change).where("id", "=", id).where("wrapped", "is not", null).execute(),
      );
      await seam.forget();
    },
  });
}

async function currentKey(db: Kysely<Schema>, organization: string, user: string): Promise<ContentKey | null> {
  const row = await db
    .selectFrom("content_keys")
    .selectAll()
    .where("organization", "=", organization)
    .where("user", "=", user)
    .where("wrapped", "is not", null)
    .executeTakeFirst();
  return row === undefined ? null : readKey(row);
}

async function eraseKeys(tx: Kysely<Schema>, organization: string, user: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("content_keys")
    .set({ wrapped: null })
    .where("organization", "=", organization)
    .where("user", "=", user)
    .where("wrapped", "is not", null)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

function rowOf({ id, organization, user, wrapped, wrappedBy, createdAt }: ContentKey): ContentKeyRow {
  return { id, organization, user, wrapped, wrapped_by: wrappedBy, created_at: createdAt };
}

function readKey(row: ContentKeyRow): ContentKey {
  return Object.freeze({
    id: textColumn(row.id, "content_keys.id"),
    organization: textColumn(row.organization, "content_keys.organization"),
    user: textColumn(row.user, "content_keys.user"),
    wrapped: row.wrapped === null ? null : bytesColumn(row.wrapped, "content_keys.wrapped"),
    wrappedBy: textColumn(row.wrapped_by, "content_keys.wrapped_by"),
    createdAt: integerColumn(row.created_at, "content_keys.created_at"),
  });
}
