import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { AdminStore, AdminTransaction } from "../../../lib/ports/store";
import type { AdminContext } from "./admin-context";
import { adminGroups } from "./admin-groups";
import { adminKeys } from "./admin-keys";
import { adminModels, adminOrganizations } from "./admin-organizations";
import { adminUsers } from "./admin-users";
import type { DlpColumn } from "./dlp-column";
import type { Schema } from "./schema";
import type { SqlSeam } from "./seam";
import { inWriteTransaction } from "./write-transaction";

export function createAdminStore(seam: SqlSeam, dlp: DlpColumn, now: () => number): AdminStore {
  return Object.freeze({
    transaction: <T>(work: (tx: AdminTransaction) => Promise<T>) =>
      inWriteTransaction(seam, (tx) => work(adminTransaction(tx, dlp, now))),
  });
}

function adminTransaction(tx: Kysely<Schema>, dlp: DlpColumn, now: () => number): AdminTransaction {
  const context: AdminContext = { tx, dlp, now, newId: randomUUID };
  return Object.freeze({
    ...adminOrganizations(context),
    ...adminModels(context),
    ...adminGroups(context),
    ...adminUsers(context),
    ...adminKeys(context),
  });
}
