import { Command, Option } from "commander";
import type { AuditRecord } from "../../lib/audit/record";
import { usageError } from "../command-error";
import { auditTable } from "../output/audit-table";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import { withAudit, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";
import { followTrail } from "../follow-trail";
import { untilStopped } from "../until-stopped";

interface Options extends StoreOptions {
  readonly follow?: boolean;
  readonly limit: string;
}

const MOST = 10_000;

const NOTES = `The newest records, the oldest of them first. --json prints one document, {"records": [...]}; with --follow, which
goes on until it is interrupted, it prints one record a line instead.`;

const EXAMPLES = [
  "llm-gate audit tail --limit 50 --store sqlite:gate.db",
  "llm-gate audit tail --follow --json --store sqlite:gate.db",
];

export function auditTailCommand(terminal: Terminal): Command {
  return new Command("tail")
    .description("show the newest records of the audit trail")
    .addOption(new Option("--limit <n>", "how many").default("20"))
    .addOption(new Option("--follow", "go on with what comes"))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: Options) => {
      const limit = readLimit(options.limit);
      await withStore(locateExistingStore(options, terminal), (store) =>
        withAudit(store, async (audit) => {
          if (options.follow === true) {
            await followTrail(audit, limit, untilStopped(), (records) => stream(records, options, terminal));
            return;
          }
          const records = (await audit.read({ limit })).map(({ record }) => record);
          present(terminal, options, { records }, () => auditTable(records, true));
        }),
      );
    });
}

function stream(records: readonly AuditRecord[], { json = false }: Options, terminal: Terminal): void {
  for (const record of records) terminal.print(json ? JSON.stringify(record) : auditTable([record], false));
}

function readLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MOST) return limit;
  throw usageError(`--limit ${JSON.stringify(text)} is not a whole number from 1 to ${MOST}.`);
}
