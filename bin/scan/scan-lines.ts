import type { Readable } from "node:stream";
import { isJsonObject, member, type JsonValue } from "../../lib/json";
import { findOwners } from "../../lib/dlp/scan-text";
import type { Finding } from "../../lib/ports/detector";
import { usageError, type CommandError } from "../command-error";
import type { Terminal } from "../terminal";
import { linesOf } from "./lines-of";
import type { ScanSettings } from "./scan-settings";

interface LabelledText {
  readonly id: string | number;
  readonly text: string;
}

/**
 * Reads lines `{"id","text"}` and prints `{"id","findings"}` for each, one after the other, no faster than they are taken.
 * Gives what was found of each entity. Throws a usage error that names the line which is something else.
 */
export async function scanLines(terminal: Terminal, settings: ScanSettings): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const { id, text } of labelledTexts(terminal.input)) {
    const findings = await findOwners(text, settings.detectors, settings);
    await terminal.ready();
    terminal.print(JSON.stringify({ id, findings: findings.map(inOrder) }));
    for (const { entity } of findings) counts.set(entity, (counts.get(entity) ?? 0) + 1);
  }
  return counts;
}

function inOrder({ entity, rule, start, end, score }: Finding): Finding {
  return { entity, rule, start, end, score };
}

async function* labelledTexts(input: Readable): AsyncGenerator<LabelledText> {
  let number = 0;
  for await (const line of linesOf(input)) {
    number += 1;
    if (line.length > 0) yield labelledText(line, number);
  }
}

function labelledText(line: Uint8Array, number: number): LabelledText {
  const value = parsed(line, number);
  const [id, text] = isJsonObject(value) ? [member(value, "id"), member(value, "text")] : [];
  if (typeof text === "string" && (typeof id === "string" || typeof id === "number")) return { id, text };
  throw badLine(number, 'is not {"id", "text"}, with text or a number for the id and text for the text');
}

function parsed(line: Uint8Array, number: number): JsonValue {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(line);
  } catch {
    throw badLine(number, "is not text in UTF-8");
  }
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw badLine(number, "is not JSON");
  }
}

function badLine(number: number, what: string): CommandError {
  return usageError(`Line ${number} of standard input ${what}.`);
}
