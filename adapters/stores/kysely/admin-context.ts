import type { Kysely } from "kysely";
import type { ChangeSubject } from "../../../lib/ports/store";
import { integerColumn } from "./columns";
import type { DlpColumn } from "./dlp-column";
import type { Schema } from "./schema";

/** What the parts of one administrative transaction share. */
export interface AdminContext {
  readonly tx: Kysely<Schema>;
  readonly dlp: DlpColumn;
  /** The epoch that the last change of this transaction raised it to; null before the first. */
  changed: number | null;
  newId(): string;
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** Raises the epoch by one; the caller holds the write transaction, so nobody else can take the same number. */
export async function recordChange(
  context: AdminContext,
  organizationId: string,
  subject: ChangeSubject,
  subjectId: string,
): Promise<void> {
  const { tx } = context;
  const epoch = (context.changed ?? (await lastEpoch(context))) + 1;
  await tx
    .insertInto("changes")
    .values({ epoch, organization_id: organizationId, subject, subject_id: subjectId })
    .execute();
  context.changed = epoch;
}

async function lastEpoch({ tx }: AdminContext): Promise<number> {
  const { last } = await tx
    .selectFrom("changes")
    .select((select) => select.fn.coalesce(select.fn.max("epoch"), select.lit(0)).as("last"))
    .executeTakeFirstOrThrow();
  return integerColumn(last, "changes.epoch");
}
