import { Command } from "commander";
import type { Group } from "../../lib/policy/domain";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { table } from "../output/table";
import { addPageOptions, moreRows, type PageOptions } from "../page-options";
import { parseLimit } from "../parse-limit";
import { manage, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import type { Terminal } from "../terminal";

type Options = ManageOptions & PageOptions;

export function groupListCommand(terminal: Terminal): Command {
  return addPageOptions(new Command("list"), "the last name of the page before")
    .description("list groups by name")
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate group list --store sqlite:gate.db"]))
    .action(async (options: Options) => {
      const { after } = options;
      const page = { limit: parseLimit(options.limit), ...(after !== undefined && { after }) };
      const { items, next } = await manage(options, terminal, (admin) => admin.groupPage(page));
      const groups = items.map(({ id: _, ...group }) => group);
      present(terminal, options, { groups, next }, () =>
        groups.length === 0 ? "There are no groups." : rows(groups) + moreRows(next),
      );
    });
}

function rows(groups: readonly Omit<Group, "id">[]): string {
  return table(
    ["NAME", "API KEYS", "ASK MODE ONLY", "MODELS", "PROVIDERS"],
    groups.map(({ name, personalApiKeyAccess, askModeOnly, models, providers }) => [
      ...[name, personalApiKeyAccess ? "yes" : "no", askModeOnly ? "yes" : "no"],
      ...[models.join(", "), providers.join(", ")],
    ]),
  );
}
