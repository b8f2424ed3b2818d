import { Command } from "commander";
import { keyDocument, type KeyDocument } from "../output/key-document";
import { lesson } from "../output/lesson";
import { shortMoment } from "../output/moment";
import { present } from "../output/present";
import { table } from "../output/table";
import { manage, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import type { Terminal } from "../terminal";

interface Options extends ManageOptions {
  readonly user?: string;
}

const EXAMPLES = [
  "llm-gate key list --store sqlite:gate.db",
  "llm-gate key list --user alice@acme.test --json --store sqlite:gate.db",
];

export function keyListCommand(terminal: Terminal): Command {
  return new Command("list")
    .description("list keys, the newest first")
    .option("--user <email>", "only this user's")
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES))
    .action(async (options: Options) => {
      const keys = await list(options, terminal);
      present(terminal, options, { keys }, () => (keys.length === 0 ? "There are no keys." : rows(keys)));
    });
}

function list(options: Options, terminal: Terminal): Promise<readonly KeyDocument[]> {
  const filter = options.user === undefined ? {} : { email: options.user };
  return manage(options, terminal, async (admin) => (await admin.listKeys(filter)).map(keyDocument));
}

function rows(keys: readonly KeyDocument[]): string {
  const short = (at: string | null) => (at === null ? null : shortMoment(at));
  return table(
    ["ID", "USER", "NAME", "STATUS", "CREATED", "EXPIRES"],
    keys.map(({ id, user, name, status, createdAt, expiresAt }) => [
      ...[id, user, name, status],
      ...[short(createdAt), short(expiresAt)],
    ]),
  );
}
