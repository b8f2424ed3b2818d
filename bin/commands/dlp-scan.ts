import { Command, Option } from "commander";
import { buffer } from "node:stream/consumers";
import type { CustomRule } from "../../lib/dlp/policy";
import { scanText, type ScanFinding } from "../../lib/dlp/scan-text";
import type { Detector } from "../../lib/ports/detector";
import { builtInDetectors } from "../../adapters/detectors/built-in";
import { compileCustomRule } from "../../adapters/detectors/custom-rules";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { printable } from "../output/printable";
import { readPolicy } from "../policy/read-policy";
import { decodeText, readTextFile } from "../read-text-file";
import { jsonOption } from "../store/store-options";
import type { Terminal } from "../terminal";

interface Options {
  readonly policy?: string;
  readonly showValues?: boolean;
  readonly json?: boolean;
}

interface ScannedFile {
  readonly file: string;
  readonly findings: readonly (ScanFinding & { readonly value?: string })[];
}

const STANDARD_INPUT = "-";

const NOTES = `Prints a line for each finding: file, line, column, entity, rule, and what stands around it. What was found is masked,
unless --show-values. Findings are no failure: the exit code is 0.`;

const EXAMPLES = ["llm-gate dlp scan notes.txt", "llm-gate dlp scan --policy policy.yaml --json < prompt.txt"];

export function dlpScanCommand(terminal: Terminal): Command {
  return new Command("scan")
    .description("find what data loss prevention would find in files")
    .argument("[files...]", "files of text in UTF-8; standard input when there are none, or for -")
    .addOption(new Option("--policy <file>", "also use the custom rules of this policy file"))
    .addOption(new Option("--show-values", "print what was found"))
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (files: string[], options: Options) => {
      const detectors = [...builtInDetectors(), ...customDetectors(options)];
      const scanned: ScannedFile[] = [];
      for (const file of files.length === 0 ? [STANDARD_INPUT] : files) {
        scanned.push(await scan(file, detectors, options, terminal));
      }
      present(terminal, options, { files: scanned }, () => describe(scanned));
    });
}

/** Wherever the policy has them: of the organisation, of groups, of models. */
function customDetectors({ policy }: Options): readonly Detector[] {
  if (policy === undefined) return [];
  const { dlp, groups, models } = readPolicy(policy);
  const rules: readonly CustomRule[] = [
    dlp,
    ...groups.map((group) => group.dlp),
    ...models.map((model) => model.dlp),
  ].flatMap((layer) => layer?.custom ?? []);
  return rules.map(compileCustomRule);
}

async function scan(
  file: string,
  detectors: readonly Detector[],
  { showValues = false }: Options,
  { input }: Terminal,
): Promise<ScannedFile> {
  const text = file === STANDARD_INPUT ? decodeText(await buffer(input), "standard input") : readTextFile(file);
  const findings = await scanText(text, detectors);
  if (!showValues) return { file, findings };
  return { file, findings: findings.map((finding) => ({ ...finding, value: text.slice(finding.start, finding.end) })) };
}

function describe(scanned: readonly ScannedFile[]): string {
  const lines = scanned.flatMap(({ file, findings }) =>
    findings.map(({ line, column, entity, rule, context, value }) => {
      const named = rule === entity ? entity : `${entity} (${rule})`;
      const shown = value === undefined ? "" : `  = ${value}`;
      return printable(`${file}:${line}:${column}: ${named}  ${context}${shown}`);
    }),
  );
  return [...lines, `${lines.length} ${lines.length === 1 ? "finding" : "findings"}`].join("\n");
}
