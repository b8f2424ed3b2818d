import { randomUUID } from "node:crypto";
import type { AdminStore, AdminTransaction } from "../../../lib/ports/store";
import type { AdminContext } from "./admin-context";
import { adminGroups } from "./admin-groups";
import { adminKeys } from "./admin-keys";
import { adminModels, adminOrganizations } from "./admin-organizations";
import { adminUsers } from "./admin-users";
import type { DlpColumn } from "./dlp-column";
import type { SqlSeam } from "./seam";
import { inWriteTransaction } from "./write-transaction";

const ADMIN_LOCK = "administration";

export function createAdminStore(seam: SqlSeam, dlp: DlpColumn, now: () => number): AdminStore {
  return Object.freeze({
    transaction: <T>(work: (tx: AdminTransaction) => Promise<T>) =>
      inWriteTransaction(seam, ADMIN_LOCK, async (tx) => {
        const context: AdminContext = { tx, dlp, now, newId: randomUUID, changed: null };
        const result = await work(adminTransaction(context));
        if (context.changed !== null) await seam.announce(tx, context.changed);
        return result;
      }),
  });
}

function adminTransaction(context: AdminContext): AdminTransaction {
  return Object.freeze({
    ...adminOrganizations(context),
    ...adminModels(context),
    ...adminGroups(context),
    ...adminUsers(context),
    ...adminKeys(context),
  });
}
