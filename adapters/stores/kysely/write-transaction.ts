import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema";
import type { SqlSeam } from "./seam";

/** Commits all of `work` or none of it; writers that name one `lock` queue up, in this process and across processes. */
export function inWriteTransaction<T>(
  seam: SqlSeam,
  lock: string,
  work: (tx: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  return seam.writes.connection().execute(async (connection) => {
    try {
      await seam.beginWrite(connection, lock);
      const result = await work(connection);
      await sql`commit`.execute(connection);
      return result;
    } catch (error) {
      await rolledBack(connection);
      throw error;
    }
  });
}

/** The error that ended the transaction matters, not that of a rollback which the database may have done itself. */
async function rolledBack(connection: Kysely<Schema>): Promise<void> {
  await sql`rollback`.execute(connection).catch(() => undefined);
}
