import type { Kysely } from "kysely";
import type { ChangeSubject } from "../../../lib/ports/store";
import { integerColumn } from "./columns";
import type { DlpColumn } from "./dlp-column";
import type { Schema } from "./schema";

/** What the parts of one administrative transaction share. */
export interface AdminContext {
  readonly tx: Kysely<Schema>;
  readonly dlp: DlpColumn;
  newId(): string;
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** Raises the epoch by one; the caller holds the write transaction, so nobody else can take the same number. */
export async function recordChange(
  { tx }: AdminContext,
  organizationId: string,
  subject: ChangeSubject,
  subjectId: string,
): Promise<void> {
  const { last } = await tx
    .selectFrom("changes")
    .select((select) => select.fn.coalesce(select.fn.max("epoch"), select.lit(0)).as("last"))
    .executeTakeFirstOrThrow();
  await tx
    .insertInto("changes")
    .values({
      epoch: integerColumn(last, "changes.epoch") + 1,
      organization_id: organizationId,
      subject,
      subject_id: subjectId,
    })
    .execute();
}
