import { Command, Option } from "commander";
import { searchTrail } from "../../lib/admin/search-trail";
import { auditTable } from "../output/audit-table";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { parseCursor } from "../parse-cursor";
import { parseLimit } from "../parse-limit";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import { SYSTEM, withAudit, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";
import { addTrailOptions, trailFilter, type TrailOptions } from "../trail-options";

interface Options extends StoreOptions, TrailOptions {
  readonly limit: string;
  readonly cursor?: string;
}

const NOTES = `The newest records first, a page at a time: where there are more, the cursor of the next page comes last. --json
prints one document, {"records": [...], "cursor": "..."}; the cursor is null after the last page.`;

const EXAMPLES = [
  "llm-gate audit search --since 24h --decision deny --store sqlite:gate.db",
  "llm-gate audit search --user alice@acme.test --entity CREDIT_CARD --json --store sqlite:gate.db",
];

export function auditSearchCommand(terminal: Terminal): Command {
  return addTrailOptions(new Command("search").description("find records of the audit trail"))
    .addOption(new Option("--limit <n>", "records of a page").default("100"))
    .addOption(new Option("--cursor <cursor>", "go on from the page before"))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: Options) => {
      const filter = trailFilter(options, SYSTEM.clock.now());
      const { cursor } = options;
      const page = { limit: parseLimit(options.limit), ...(cursor !== undefined && { cursor: parseCursor(cursor) }) };
      const found = await withStore(locateExistingStore(options, terminal), (store) =>
        withAudit(store, (audit) => searchTrail(audit, filter, page)),
      );
      present(terminal, options, found, () => {
        const table = auditTable(found.records, true);
        return found.cursor === null ? table : `${table}\nmore: --cursor ${found.cursor}`;
      });
    });
}
