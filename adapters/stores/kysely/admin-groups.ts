import type { AdminTransaction } from "../../../lib/ports/store";
import type { Group } from "../../../lib/policy/domain";
import { recordChange, type AdminContext } from "./admin-context";
import { writeDlp } from "./dlp-column";
import { listedGroups } from "./list-people";
import { readGroup } from "./rows";

type Part = Pick<AdminTransaction, "groups" | "putGroup" | "removeGroup">;

export function adminGroups(context: AdminContext): Part {
  const { tx, dlp } = context;
  return {
    groups: async (organizationId, page = {}) => {
      const rows = await listedGroups(tx, organizationId, page).execute();
      return rows.map((row) => readGroup(row, dlp));
    },
    putGroup: async (organizationId, group) => {
      const values = groupColumns(group);
      const { id } = await tx
        .insertInto("groups")
        .values({ id: context.newId(), organization_id: organizationId, name: group.name, ...values })
        .onConflict((conflict) => conflict.columns(["organization_id", "name"]).doUpdateSet(values))
        .returning("id")
        .executeTakeFirstOrThrow();
      await recordChange(context, organizationId, "group", id);
    },
    removeGroup: async (organizationId, name) => {
      const removed = await tx
        .deleteFrom("groups")
        .where("organization_id", "=", organizationId)
        .where("name", "=", name)
        .returning("id")
        .execute();
      for (const { id } of removed) await recordChange(context, organizationId, "group", id);
    },
  };
}

function groupColumns(group: Omit<Group, "id">) {
  return {
    personal_api_key_access: Number(group.personalApiKeyAccess),
    ask_mode_only: Number(group.askModeOnly),
    models: JSON.stringify(group.models),
    providers: JSON.stringify(group.providers),
    deny_models: JSON.stringify(group.denyModels),
    deny_providers: JSON.stringify(group.denyProviders),
    dlp: writeDlp(group.dlp),
  };
}
