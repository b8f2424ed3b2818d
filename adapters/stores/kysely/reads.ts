import type { Kysely } from "kysely";
import { CHANGE_SUBJECTS, type Change, type Store } from "../../../lib/ports/store";
import type { Catalogue, CatalogueModel } from "../../../lib/policy/domain";
import { integerColumn, textColumn, wordColumn } from "./columns";
import type { DlpColumn } from "./dlp-column";
import { createFindKey, createFindKeys } from "./find-key";
import { preparedQuery } from "./prepared-query";
import { readModel } from "./rows";
import type { Schema } from "./schema";
import type { SqlSeam } from "./seam";

export type Reads = Required<Pick<Store, "findKey" | "findKeys" | "catalogue" | "epoch" | "changesSince">>;

const MOST_CHANGES = 1_000;

export function createReads(seam: SqlSeam, dlp: DlpColumn): Reads {
  const { reads } = seam;
  return Object.freeze({
    findKey: createFindKey(reads, dlp),
    findKeys: createFindKeys(reads, dlp),
    catalogue: createCatalogue(reads, dlp),
    epoch: createEpoch(seam),
    changesSince: createChangesSince(reads),
  });
}

/** The mark is taken before the query: a commit in between is seen again, never missed. */
function createEpoch(seam: SqlSeam): () => Promise<number> {
  const query = preparedQuery(seam.reads, epochQuery(seam.reads).compile());
  let known: { readonly mark: number; readonly epoch: number } | null = null;
  return async () => {
    const mark = seam.commitMark();
    if (known !== null && mark === known.mark) return known.epoch;
    const [row] = await query();
    const epoch = integerColumn(row?.epoch, "changes.epoch");
    known = mark === null ? null : { mark, epoch };
    return epoch;
  };
}

function epochQuery(db: Kysely<Schema>) {
  return db
    .selectFrom("changes")
    .select((select) => select.fn.coalesce(select.fn.max("changes.epoch"), select.lit(0)).as("epoch"));
}

function createCatalogue(db: Kysely<Schema>, dlp: DlpColumn): (organizationId: string) => Promise<Catalogue> {
  const query = preparedQuery(
    db,
    db
      .selectFrom(epochQuery(db).as("now"))
      .leftJoin("models", (join) => join.on("models.organization_id", "=", ""))
      .selectAll("models")
      .select("now.epoch")
      .orderBy("models.id")
      .compile(),
  );
  return async (organizationId) => {
    const rows = await query(organizationId);
    const models = rows.filter((row) => row.organization_id !== null).map((row) => readModel(row, dlp));
    return Object.freeze({
      epoch: integerColumn(rows[0]?.epoch, "changes.epoch"),
      models: new Map<string, CatalogueModel>(models.map((model) => [model.id, model])),
    });
  };
}

function createChangesSince(db: Kysely<Schema>): (epoch: number) => Promise<readonly Change[]> {
  const query = preparedQuery(
    db,
    db.selectFrom("changes").selectAll().where("epoch", ">", 0).orderBy("epoch").limit(MOST_CHANGES).compile(),
  );
  return async (epoch) => {
    const rows = await query(epoch, MOST_CHANGES);
    return rows.map((row) => ({
      epoch: integerColumn(row.epoch, "changes.epoch"),
      organizationId: textColumn(row.organization_id, "changes.organization_id"),
      subject: wordColumn(row.subject, CHANGE_SUBJECTS, "changes.subject"),
      subjectId: textColumn(row.subject_id, "changes.subject_id"),
    }));
  };
}
