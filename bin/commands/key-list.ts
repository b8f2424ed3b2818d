import { Command } from "commander";
import type { KeyPageQuery } from "../../lib/admin";
import { usageError } from "../command-error";
import { keyIdOf } from "../key-id";
import { keyDocument, type KeyDocument } from "../output/key-document";
import { lesson } from "../output/lesson";
import { shortMoment } from "../output/moment";
import { present } from "../output/present";
import { table } from "../output/table";
import { addPageOptions, moreRows, type PageOptions } from "../page-options";
import { parseLimit } from "../parse-limit";
import { manage, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import type { Terminal } from "../terminal";

interface Options extends ManageOptions, PageOptions {
  readonly user?: string;
  readonly pepper?: string;
}

const EXAMPLES = [
  "llm-gate key list --store sqlite:gate.db",
  "llm-gate key list --user alice@acme.test --json --store sqlite:gate.db",
  "llm-gate key list --limit 1000 --after 3sNJ0aTqLw --store sqlite:gate.db",
];

export function keyListCommand(terminal: Terminal): Command {
  return addPageOptions(new Command("list"), "the id of the last key of the page before")
    .description("list keys, the newest first")
    .option("--user <email>", "only this user's")
    .option("--pepper <version>", "only keys that were digested with this version of the pepper")
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES))
    .action(async (options: Options) => {
      const query = pageQuery(options);
      const { keys, next } = await manage(options, terminal, async (admin) => {
        const [page, now] = [await admin.keyPage(query), await admin.now()];
        return { keys: page.items.map((key) => keyDocument(key, now)), next: page.next };
      });
      present(terminal, options, { keys, next }, () =>
        keys.length === 0 ? "There are no keys." : rows(keys) + moreRows(next),
      );
    });
}

function pageQuery({ user, pepper, limit, after }: Options): KeyPageQuery {
  return {
    limit: parseLimit(limit),
    ...(user !== undefined && { email: user }),
    ...(after !== undefined && { after: keyIdOf(after) }),
    ...(pepper !== undefined && { pepperVersion: versionOf(pepper) }),
  };
}

function versionOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usageError(`--pepper ${JSON.stringify(text)} is not a version: a whole number from 1 on.`);
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
