import { Command, Option } from "commander";
import { searchTrail } from "../../lib/admin/search-trail";
import type { AuditRecord } from "../../lib/audit/record";
import { auditTable } from "../output/audit-table";
import { jsonText } from "../output/json-text";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import { SYSTEM, withAudit, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";
import { followTrail } from "../follow-trail";
import { parseLimit } from "../parse-limit";
import { addTrailOptions, trailFilter, type TrailOptions } from "../trail-options";
import { untilStopped } from "../until-stopped";

interface Options extends StoreOptions, TrailOptions {
  readonly follow?: boolean;
  readonly limit: string;
}

const NOTES = `The newest records, the oldest of them first. --json prints one document, {"records": [...]}; with --follow, which
goes on until it is interrupted, it prints one record a line instead.`;

const EXAMPLES = [
  "llm-gate audit tail --limit 50 --store sqlite:gate.db",
  "llm-gate audit tail --follow --json --store sqlite:gate.db",
];

export function auditTailCommand(terminal: Terminal): Command {
  return addTrailOptions(new Command("tail").description("show the newest records of the audit trail"))
    .addOption(new Option("--limit <n>", "how many").default("20"))
    .addOption(new Option("--follow", "go on with what comes"))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: Options) => {
      const limit = parseLimit(options.limit);
      const filter = trailFilter(options, SYSTEM.clock.now());
      await withStore(locateExistingStore(options, terminal), (store) =>
        withAudit(store, async (audit) => {
          if (options.follow === true) {
            const tell = (records: readonly AuditRecord[]): void => stream(records, options, terminal);
            await followTrail(audit, { filter, limit }, untilStopped(), tell);
            return;
          }
          const records = (await searchTrail(audit, filter, { limit })).records.toReversed();
          present(terminal, options, { records }, () => auditTable(records, true));
        }),
      );
    });
}

function stream(records: readonly AuditRecord[], { json = false }: Options, terminal: Terminal): void {
  for (const record of records) terminal.print(json ? jsonText(record) : auditTable([record], false));
}
