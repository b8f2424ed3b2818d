import { Command } from "commander";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { table } from "../output/table";
import { addPageOptions, moreRows, type PageOptions } from "../page-options";
import { parseLimit } from "../parse-limit";
import { manage, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import type { Terminal } from "../terminal";

type Options = ManageOptions & PageOptions;

const EXAMPLES = [
  "llm-gate user list --store sqlite:gate.db",
  "llm-gate user list --limit 1000 --json --store sqlite:gate.db",
];

export function userListCommand(terminal: Terminal): Command {
  return addPageOptions(new Command("list"), "the last e-mail address of the page before")
    .description("list users by e-mail address")
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES))
    .action(async (options: Options) => {
      const { after } = options;
      const page = { limit: parseLimit(options.limit), ...(after !== undefined && { after }) };
      const { items, next } = await manage(options, terminal, (admin) => admin.userPage(page));
      const users = items.map(({ id: _, ...user }) => user);
      const rows = users.map(({ email, role, status, groups }) => [email, role, status, groups.join(", ")]);
      present(terminal, options, { users, next }, () =>
        rows.length === 0 ? "There are no users." : table(["EMAIL", "ROLE", "STATUS", "GROUPS"], rows) + moreRows(next),
      );
    });
}
