import { Command, Option } from "commander";
import type { CopyReport } from "../../adapters/stores/copy/copy-store";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { facts } from "../output/table";
import { copyBetween } from "../store/copy-between";
import { locateExistingStore, locateStore } from "../store/locate-store";
import { isPostgres } from "../store/store-at";
import { jsonOption } from "../store/store-options";
import type { Terminal } from "../terminal";

interface Options {
  readonly from: string;
  readonly to: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const NOTES = `Stop every gate on the source first. The target must be empty. Everything is copied: users, keys, the ids of responses, the
change log and the audit trail, whose records stay as they are byte by byte, so that the checkpoints taken so far prove the
copy too. A copy that was interrupted goes on when it is run again; until it is finished no gate starts on the target.
The pepper and the key that signs checkpoints are not in the database: keep the files, and see docs/many-nodes.md.`;

const EXAMPLES = [
  "llm-gate copy --from sqlite:gate.db --to postgres://gate@db.internal/gate",
  "llm-gate copy --from postgres://gate@db.internal/gate --to sqlite:gate.db",
];

export function copyCommand(terminal: Terminal): Command {
  return new Command("copy")
    .description("copy a whole store, its audit trail included, into an empty database")
    .requiredOption("--from <store>", "sqlite:PATH or postgres://…")
    .requiredOption("--to <store>", "sqlite:PATH or postgres://…")
    .addOption(new Option("--force", "though a gate gave a sign of life on either side within the last 15 seconds"))
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: Options) => {
      const from = locateExistingStore({ store: options.from }, terminal);
      const to = locateStore({ store: options.to }, terminal);
      const report = await copyBetween({ from, to, force: options.force ?? false }, terminal);
      present(terminal, options, report, () => describe(report, to));
    });
}

function describe({ rows, before }: CopyReport, to: string): string {
  const copied = facts(Object.entries(rows).map(([table, count]) => [table, String(count)]));
  if (before) return `${copied}\n\nThe copy was complete before: nothing was done.`;
  const pepper = isPostgres(to)
    ? "set LLM_GATE_PEPPER to what the pepper's file holds"
    : "put the pepper's file beside it";
  return `${copied}\n\nThe copy is complete. Before a gate starts on it: ${pepper}.`;
}
