import type { Kysely } from "kysely";
import { ConfigurationError } from "../../../lib/denial";
import { integerColumn, optionalInteger, optionalText, textColumn } from "../kysely/columns";
import type { Schema } from "../kysely/schema";
import type { SqlSeam } from "../kysely/seam";
import { lastPlace } from "./audit-rows";
import type { Place } from "./copied-rows";

/** What a store is, and up to where it has come: a copy of it is one of exactly this. */
export interface SourceState {
  /** Its first change, which no other store has. */
  readonly source: string;
  readonly epoch: number;
  /** The place of its last record. */
  readonly records: number;
}

/** How far a copy has come, as its target remembers. */
export interface CopyState extends SourceState {
  readonly step: string;
  readonly after: Place | null;
  readonly finishedAt: number | null;
}

export async function sourceState(seam: SqlSeam): Promise<SourceState> {
  const changes = seam.reads.selectFrom("changes").select(["epoch", "organization_id"]);
  const first = await changes.orderBy("epoch").limit(1).executeTakeFirst();
  const last = await changes.orderBy("epoch", "desc").limit(1).executeTakeFirst();
  return {
    source: first === undefined ? "" : textColumn(first.organization_id, "changes.organization_id"),
    epoch: last === undefined ? 0 : integerColumn(last.epoch, "changes.epoch"),
    records: await lastPlace(seam),
  };
}

/** Null when nothing was ever copied into this database. */
export async function copyState(db: Kysely<Schema>): Promise<CopyState | null> {
  const row = await db.selectFrom("copies").selectAll().executeTakeFirst();
  if (row === undefined) return null;
  const after = optionalText(row.after, "copies.after");
  return {
    source: textColumn(row.source, "copies.source"),
    epoch: integerColumn(row.epoch, "copies.epoch"),
    records: integerColumn(row.records, "copies.records"),
    step: textColumn(row.step, "copies.step"),
    after: after === null ? null : (JSON.parse(after) as Place),
    finishedAt: optionalInteger(row.finished_at, "copies.finished_at"),
  };
}

export async function beginCopy(db: Kysely<Schema>, source: SourceState, step: string): Promise<void> {
  await db
    .insertInto("copies")
    .values({ ...source, step, after: null, finished_at: null })
    .execute();
}

export async function noteCopy(db: Kysely<Schema>, step: string, after: Place | null): Promise<void> {
  await db
    .updateTable("copies")
    .set({ step, after: after === null ? null : JSON.stringify(after) })
    .execute();
}

export async function finishCopy(db: Kysely<Schema>): Promise<void> {
  await db.updateTable("copies").set({ finished_at: Date.now() }).execute();
}

/** Half a store lacks revocations: it must not decide anything. */
export async function refuseUnfinishedCopy(seam: SqlSeam): Promise<void> {
  const state = await copyState(seam.reads);
  if (state === null || state.finishedAt !== null) return;
  throw new ConfigurationError(
    "store_unfinished",
    `A copy into ${seam.label} was not finished: run \`llm-gate copy\` again, it goes on where it stopped.`,
  );
}
