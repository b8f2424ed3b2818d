import { buffer } from "node:stream/consumers";
import { scanText, type ScanFinding } from "../../lib/dlp/scan-text";
import { printable } from "../output/printable";
import { decodeText, readTextFile } from "../read-text-file";
import type { Terminal } from "../terminal";
import type { ScanSettings } from "./scan-settings";

export interface ScannedFile {
  readonly file: string;
  readonly findings: readonly ShownFinding[];
}

/** What was found stands in it only where that was asked for. */
type ShownFinding = ScanFinding & { readonly value?: string };

const STANDARD_INPUT = "-";

/** Scans files one after the other; standard input when there are none, or for `-`. */
export async function scanFiles(
  files: readonly string[],
  settings: ScanSettings & { readonly showValues: boolean },
  { input }: Terminal,
): Promise<readonly ScannedFile[]> {
  const scanned: ScannedFile[] = [];
  for (const file of files.length === 0 ? [STANDARD_INPUT] : files) {
    const text = file === STANDARD_INPUT ? decodeText(await buffer(input), "standard input") : readTextFile(file);
    const findings = await scanText(text, settings.detectors, settings);
    scanned.push({
      file,
      findings: settings.showValues ? findings.map((finding) => withValue(finding, text)) : findings,
    });
  }
  return scanned;
}

function withValue(finding: ScanFinding, text: string): ShownFinding {
  return { ...finding, value: text.slice(finding.start, finding.end) };
}

/** A line for each finding, and how many there are. */
export function describeScan(scanned: readonly ScannedFile[]): string {
  const lines = scanned.flatMap(({ file, findings }) =>
    findings.map(({ line, column, entity, rule, context, value }) => {
      const named = rule === entity ? entity : `${entity} (${rule})`;
      const shown = value === undefined ? "" : `  = ${value}`;
      return printable(`${file}:${line}:${column}: ${named}  ${context}${shown}`);
    }),
  );
  return [...lines, `${lines.length} ${lines.length === 1 ? "finding" : "findings"}`].join("\n");
}

/** How many of each entity. */
export function countFindings(scanned: readonly ScannedFile[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { entity } of scanned.flatMap(({ findings }) => findings))
    counts.set(entity, (counts.get(entity) ?? 0) + 1);
  return counts;
}
