import { Command, Option } from "commander";
import { usageError } from "../command-error";
import { ConcludedError } from "../concluded-error";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { countFindings, describeScan, scanFiles } from "../scan/scan-files";
import { scanLines } from "../scan/scan-lines";
import { scanSettings, type ScanSettings, type SettingOptions } from "../scan/scan-settings";
import { jsonOption } from "../store/store-options";
import type { Terminal } from "../terminal";

interface Options extends SettingOptions {
  readonly showValues?: boolean;
  readonly json?: boolean;
  readonly jsonl?: boolean;
}

const NOTES = `Prints a line for each finding: file, line, column, entity, rule, and what stands around it. What was found is masked,
unless --show-values. Findings are no failure, unless --fail-on names them: then the exit code is 1.
--jsonl reads a line {"id", "text"} each and prints a line {"id", "findings": [{"entity", "rule", "start", "end", "score"}]},
offsets in UTF-16 units, the end exclusive. A line that is something else ends it: the message says which.`;

const EXAMPLES = [
  "llm-gate dlp scan notes.txt",
  "llm-gate dlp scan --fail-on API_KEY --fail-on PRIVATE_KEY src/*.ts",
  "llm-gate dlp scan --policy policy.yaml --json < prompt.txt",
  "llm-gate dlp scan --jsonl < texts.jsonl > findings.jsonl",
];

export function dlpScanCommand(terminal: Terminal): Command {
  return new Command("scan")
    .description("find what data loss prevention would find in files")
    .argument("[files...]", "files of text in UTF-8; standard input when there are none, or for -")
    .addOption(new Option("--policy <file>", "also use the custom rules of this policy file"))
    .addOption(new Option("--min-score <number>", "leave out what is less sure, 0 to 1 (default: 0.5)"))
    .addOption(new Option("--fail-on <entity>", "exit with 1 when it is found; may be given again").argParser(collect))
    .addOption(new Option("--show-values", "print what was found"))
    .addOption(new Option("--jsonl", "texts and findings a line each, for programs").conflicts(["json", "showValues"]))
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action((files: string[], options: Options) => scan(files, options, terminal));
}

function collect(entity: string, before: readonly string[] = []): readonly string[] {
  return [...before, entity];
}

async function scan(files: readonly string[], options: Options, terminal: Terminal): Promise<void> {
  const settings = scanSettings(options);
  if (options.jsonl === true) {
    if (files.length > 0) throw usageError("--jsonl reads standard input, and no files.");
    return conclude(await scanLines(terminal, settings), settings, terminal);
  }
  const scanned = await scanFiles(files, { ...settings, showValues: options.showValues === true }, terminal);
  present(terminal, options, { files: scanned }, () => describeScan(scanned));
  conclude(countFindings(scanned), settings, terminal);
}

function conclude(counts: ReadonlyMap<string, number>, { failOn }: ScanSettings, terminal: Terminal): void {
  const unwanted = [...counts].filter(([entity]) => failOn.has(entity));
  if (unwanted.length === 0) return;
  terminal.complain(
    `Found what --fail-on names: ${unwanted.map(([entity, count]) => `${entity} x ${count}`).join(", ")}.`,
  );
  throw new ConcludedError(1);
}
