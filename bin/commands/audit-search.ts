import { Command, Option } from "commander";
import { searchTrail, type TrailFilter } from "../../lib/admin/search-trail";
import { auditTable } from "../output/audit-table";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { parseCursor } from "../parse-cursor";
import { parseLimit } from "../parse-limit";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption } from "../store/store-options";
import { SYSTEM, withAudit, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";
import { addTextOptions, TEXT_NOTES, textDocument, textLines, withTexts, type TextOptions } from "../texts";
import { addTrailOptions, trailFilter, type TrailOptions } from "../trail-options";

interface Options extends TextOptions, TrailOptions {
  readonly limit: string;
  readonly cursor?: string;
}

const NOTES = `The newest records first, a page at a time: where there are more, the cursor of the next page comes last. --json
prints one document, {"records": [...], "cursor": "..."}; the cursor is null after the last page. ${TEXT_NOTES}`;

const EXAMPLES = [
  "llm-gate audit search --since 24h --decision deny --store sqlite:gate.db",
  "llm-gate audit search --user alice@acme.test --entity CREDIT_CARD --json --store sqlite:gate.db",
  "llm-gate audit search --request 019b7c5e-0000-7000-8000-000000000001 --content --store sqlite:gate.db",
];

export function auditSearchCommand(terminal: Terminal): Command {
  return addTextOptions(addTrailOptions(new Command("search").description("find records of the audit trail")))
    .addOption(new Option("--limit <n>", "records of a page").default("100"))
    .addOption(new Option("--cursor <cursor>", "go on from the page before"))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: Options) => {
      const filter = trailFilter(options, SYSTEM.clock.now());
      const { cursor } = options;
      const page = { limit: parseLimit(options.limit), ...(cursor !== undefined && { cursor: parseCursor(cursor) }) };
      if (options.content === true) return searchTexts(filter, page, options, terminal);
      const found = await withStore(locateExistingStore(options, terminal), (store) =>
        withAudit(store, (audit) => searchTrail(audit, filter, page)),
      );
      present(terminal, options, found, () => {
        const table = auditTable(found.records, true);
        return found.cursor === null ? table : `${table}\nmore: --cursor ${found.cursor}`;
      });
    });
}

async function searchTexts(
  filter: TrailFilter,
  page: { readonly limit: number; readonly cursor?: string },
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const { records, cursor } = await withTexts(options, terminal, (admin) => admin.audit.readTexts(filter, page));
  present(terminal, options, { records: records.map(textDocument), cursor }, () => {
    const lines = records.flatMap(({ record, text }) => [auditTable([record], false), ...textLines(text)]);
    return [auditTable([], true), ...lines, ...(cursor === null ? [] : [`more: --cursor ${cursor}`])].join("\n");
  });
}
