import { Command, Option } from "commander";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { CommandError } from "../command-error";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { locateExistingStore } from "../store/locate-store";
import { adminSettings, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import { withAdmin, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";
import { operator } from "../texts";

interface Options extends ManageOptions {
  readonly subject: string;
  readonly yes?: boolean;
}

const NOTES = `Destroys the keys of the user's text: what was kept of it can then be read by nobody. The records stay, and the trail
still verifies. Text of calls that running gates take within the next five seconds is erased with it; later calls get a
new key. Backups of the database still hold the old keys: see docs/audit.md.`;

const EXAMPLES = [
  "llm-gate audit erase --subject alice@acme.test --store sqlite:gate.db",
  "llm-gate audit erase --subject alice@acme.test --yes --json --store postgres://gate@db.internal/gate",
];

export function auditEraseCommand(terminal: Terminal): Command {
  return new Command("erase")
    .description("erase the text that was kept of a user's calls, for good")
    .addOption(new Option("--subject <email>", "whose text").makeOptionMandatory())
    .addOption(new Option("--yes", "do not ask"))
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: Options) => {
      const database = locateExistingStore(options, terminal);
      if (options.yes !== true) await confirm(options.subject, terminal);
      const settings = { ...adminSettings(options, terminal), actingAs: operator() };
      const keys = await withStore(database, (store) =>
        withAdmin(store, settings, (admin) => admin.audit.eraseTexts(options.subject)),
      );
      present(terminal, options, { subject: options.subject, keys }, () =>
        keys === 0
          ? `no text of ${options.subject} was kept: nothing was erased, and nothing put on record`
          : `erased the text of ${options.subject}`,
      );
    });
}

/** The address once more: a slip of the hand must not erase somebody else's. */
async function confirm(subject: string, terminal: Terminal): Promise<void> {
  terminal.complain(`The text of ${subject} can never be read again. Type the address once more to erase it:`);
  const lines = createInterface({ input: terminal.input });
  const answer = await Promise.race([once(lines, "line"), once(lines, "close").then(() => [""])]);
  lines.close();
  if (String(answer[0]).trim() !== subject) throw new CommandError("not_confirmed", 1, "Nothing was erased.");
}
