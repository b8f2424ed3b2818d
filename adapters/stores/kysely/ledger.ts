import type { Kysely } from "kysely";
import type { LedgerEntry, ResponseLedger } from "../../../lib/ports/response-ledger";
import { succeedingEntry } from "../ledger-entry";
import { booleanColumn, textColumn } from "./columns";
import { preparedQuery } from "./prepared-query";
import type { ResponseRow, Schema } from "./schema";
import type { SqlSeam } from "./seam";
import { inWriteTransaction } from "./write-transaction";

/** How many lapsed entries one new entry clears away: more than one, so that they run out. */
const PRUNED_AT_ONCE = 20;

export function createLedger(seam: SqlSeam, ttlMs: number, now: () => number): ResponseLedger {
  const find = preparedQuery(seam.reads, livingEntry(seam.reads, "", "", 0).compile());
  return Object.freeze({
    remember: (entry: LedgerEntry) =>
      inWriteTransaction(seam, lockOf(entry), async (tx) => {
        const time = now();
        const earlier = await livingEntry(tx, entry.organizationId, entry.responseId, time).executeTakeFirst();
        await putEntry(tx, succeedingEntry(earlier === undefined ? null : readEntry(earlier), entry), time + ttlMs);
        await prune(tx, seam, time);
      }),
    find: async (organizationId: string, responseId: string) => {
      const [row] = await find(organizationId, responseId, now());
      return row === undefined ? null : readEntry(row);
    },
  });
}

/** Calls of different ids do not wait for one another where the database can tell them apart. */
function lockOf({ organizationId, responseId }: LedgerEntry): string {
  return JSON.stringify(["response", organizationId, responseId]);
}

function livingEntry(db: Kysely<Schema>, organizationId: string, responseId: string, now: number) {
  return db
    .selectFrom("responses")
    .selectAll()
    .where("organization_id", "=", organizationId)
    .where("response_id", "=", responseId)
    .where("expires_at", ">", now);
}

function readEntry(row: ResponseRow): LedgerEntry {
  return Object.freeze({
    responseId: textColumn(row.response_id, "responses.response_id"),
    organizationId: textColumn(row.organization_id, "responses.organization_id"),
    userId: textColumn(row.user_id, "responses.user_id"),
    upstream: textColumn(row.upstream, "responses.upstream"),
    toolFree: booleanColumn(row.tool_free, "responses.tool_free"),
  });
}

async function putEntry(tx: Kysely<Schema>, entry: LedgerEntry, expiresAt: number): Promise<void> {
  const values = {
    user_id: entry.userId,
    upstream: entry.upstream,
    tool_free: Number(entry.toolFree),
    expires_at: expiresAt,
  };
  await tx
    .insertInto("responses")
    .values({ organization_id: entry.organizationId, response_id: entry.responseId, ...values })
    .onConflict((conflict) => conflict.columns(["organization_id", "response_id"]).doUpdateSet(values))
    .execute();
}

async function prune(tx: Kysely<Schema>, { skipLocked }: SqlSeam, now: number): Promise<void> {
  const lapsed = await tx
    .selectFrom("responses")
    .select(["organization_id", "response_id"])
    .where("expires_at", "<=", now)
    .orderBy("expires_at")
    .limit(PRUNED_AT_ONCE)
    .modifyEnd(skipLocked)
    .execute();
  for (const { organization_id, response_id } of lapsed) {
    await tx
      .deleteFrom("responses")
      .where("organization_id", "=", organization_id)
      .where("response_id", "=", response_id)
      .execute();
  }
}
