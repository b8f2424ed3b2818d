import type { AdminTransaction } from "../../../lib/ports/store";
import { recordChange, type AdminContext } from "./admin-context";
import { writeDlp } from "./dlp-column";
import { readModel, readOrganization } from "./rows";

type Organizations = Pick<AdminTransaction, "organizations" | "putOrganization">;
type Models = Pick<AdminTransaction, "models" | "putModel" | "removeModel">;

export function adminOrganizations(context: AdminContext): Organizations {
  const { tx, dlp } = context;
  return {
    organizations: async () => {
      const rows = await tx.selectFrom("organizations").selectAll().orderBy("name").execute();
      return rows.map((row) => readOrganization(row, dlp));
    },
    putOrganization: async (name, policy) => {
      const row = await tx
        .insertInto("organizations")
        .values({ id: context.newId(), name, dlp: writeDlp(policy) })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ dlp: writeDlp(policy) }))
        .returningAll()
        .executeTakeFirstOrThrow();
      await recordChange(context, row.id, "organization", row.id);
      return readOrganization(row, dlp);
    },
  };
}

/** Their catalogues. */
export function adminModels(context: AdminContext): Models {
  const { tx, dlp } = context;
  return {
    models: async (organizationId) => {
      const rows = await tx
        .selectFrom("models")
        .selectAll()
        .where("organization_id", "=", organizationId)
        .orderBy("id")
        .execute();
      return rows.map((row) => readModel(row, dlp));
    },
    putModel: async (organizationId, model) => {
      const values = {
        provider: model.provider,
        display_name: model.displayName,
        enabled: Number(model.enabled),
        upstream_model: model.upstreamModel,
        dlp: writeDlp(model.dlp),
      };
      await tx
        .insertInto("models")
        .values({ id: model.id, organization_id: organizationId, ...values })
        .onConflict((conflict) => conflict.columns(["organization_id", "id"]).doUpdateSet(values))
        .execute();
      await recordChange(context, organizationId, "model", model.id);
    },
    removeModel: async (organizationId, id) => {
      const removed = await tx
        .deleteFrom("models")
        .where("organization_id", "=", organizationId)
        .where("id", "=", id)
        .executeTakeFirst();
      if (removed.numDeletedRows > 0n) await recordChange(context, organizationId, "model", id);
    },
  };
}
