import { Command, Option } from "commander";
import { everyRecord } from "../../lib/admin/search-trail";
import type { RecordWithText } from "../../lib/admin";
import type { StoredRecord } from "../../lib/ports/audit-log";
import { csvHead, csvLine } from "../output/audit-csv";
import { jsonText } from "../output/json-text";
import { lesson } from "../output/lesson";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption } from "../store/store-options";
import { SYSTEM, withAudit, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";
import { addTextOptions, TEXT_NOTES, textDocument, withTexts, type TextOptions } from "../texts";
import { addTrailOptions, trailFilter, type TrailOptions } from "../trail-options";

interface Options extends TextOptions, TrailOptions {
  readonly format: "jsonl" | "csv";
}

const NOTES = `Every record that matches, the first that was written first, one a line. JSONL lines are the records byte for byte as the
trail's hashes cover them. In CSV a text that a spreadsheet would run as a formula begins with an apostrophe.
--json prints one document, {"records": [...]}, for small answers.
${TEXT_NOTES} Lines then have a member \`text\` besides and are no longer what the hashes cover.`;

const EXAMPLES = [
  "llm-gate audit export --format jsonl --store sqlite:gate.db > trail.jsonl",
  "llm-gate audit export --format csv --since 2026-01-01 --until 2026-02-01 --store sqlite:gate.db > january.csv",
];

export function auditExportCommand(terminal: Terminal): Command {
  const command = new Command("export").description("print records of the audit trail for other tools");
  return addTextOptions(addTrailOptions(command))
    .addOption(new Option("--format <format>").choices(["jsonl", "csv"]).default("jsonl"))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: Options) => {
      const filter = trailFilter(options, SYSTEM.clock.now());
      if (options.content === true) {
        await withTexts(options, terminal, (admin) =>
          print(admin.audit.exportTexts(filter), withText(options.format), options, terminal),
        );
        return;
      }
      await withStore(locateExistingStore(options, terminal), (store) =>
        withAudit(store, (audit) => print(everyRecord(audit, filter), plain(options.format), options, terminal)),
      );
    });
}

/** How one record is written. */
interface Form<T> {
  readonly head: string | null;
  line(found: T): string;
  document(found: T): object;
}

function plain(format: Options["format"]): Form<StoredRecord> {
  const document = ({ record }: StoredRecord): object => record;
  return format === "csv"
    ? { head: csvHead(), line: ({ record }) => csvLine(record), document }
    : { head: null, line: ({ bytes }) => Buffer.from(bytes).toString("utf8"), document };
}

function withText(format: Options["format"]): Form<RecordWithText> {
  return format === "csv"
    ? { head: csvHead("text"), line: ({ record, text }) => csvLine(record, text), document: textDocument }
    : { head: null, line: (found) => jsonText(textDocument(found)), document: textDocument };
}

async function print<T>(found: AsyncIterable<T>, form: Form<T>, options: Options, terminal: Terminal): Promise<void> {
  if (options.json === true) return printDocument(found, form, terminal);
  if (form.head !== null) terminal.print(form.head);
  for await (const one of found) {
    await terminal.ready();
    terminal.print(form.line(one));
  }
}

async function printDocument<T>(found: AsyncIterable<T>, form: Form<T>, terminal: Terminal): Promise<void> {
  const records: object[] = [];
  for await (const one of found) records.push(form.document(one));
  terminal.print(jsonText({ records }, 2));
}
