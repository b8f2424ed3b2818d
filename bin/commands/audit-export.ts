import { Command, Option } from "commander";
import { everyRecord } from "../../lib/admin/search-trail";
import type { AuditRecord } from "../../lib/audit/record";
import type { StoredRecord } from "../../lib/ports/audit-log";
import { csvHead, csvLine } from "../output/audit-csv";
import { lesson } from "../output/lesson";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import { SYSTEM, withAudit, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";
import { addTrailOptions, trailFilter, type TrailOptions } from "../trail-options";

interface Options extends StoreOptions, TrailOptions {
  readonly format: "jsonl" | "csv";
}

const NOTES = `Every record that matches, the first that was written first, one a line. JSONL lines are the records byte for byte as the
trail's hashes cover them. In CSV a text that a spreadsheet would run as a formula begins with an apostrophe.
--json prints one document, {"records": [...]}, for small answers.`;

const EXAMPLES = [
  "llm-gate audit export --format jsonl --store sqlite:gate.db > trail.jsonl",
  "llm-gate audit export --format csv --since 2026-01-01 --until 2026-02-01 --store sqlite:gate.db > january.csv",
];

export function auditExportCommand(terminal: Terminal): Command {
  return addTrailOptions(new Command("export").description("print records of the audit trail for other tools"))
    .addOption(new Option("--format <format>").choices(["jsonl", "csv"]).default("jsonl"))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: Options) => {
      const filter = trailFilter(options, SYSTEM.clock.now());
      await withStore(locateExistingStore(options, terminal), (store) =>
        withAudit(store, (audit) => print(everyRecord(audit, filter), options, terminal)),
      );
    });
}

async function print(
  records: AsyncIterable<StoredRecord>,
  { format, json = false }: Options,
  terminal: Terminal,
): Promise<void> {
  if (json) return printDocument(records, terminal);
  if (format === "csv") terminal.print(csvHead());
  for await (const { record, bytes } of records) {
    await terminal.ready();
    terminal.print(format === "csv" ? csvLine(record) : Buffer.from(bytes).toString("utf8"));
  }
}

async function printDocument(records: AsyncIterable<StoredRecord>, terminal: Terminal): Promise<void> {
  const all: AuditRecord[] = [];
  for await (const { record } of records) all.push(record);
  terminal.print(JSON.stringify({ records: all }, null, 2));
}
