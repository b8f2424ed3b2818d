import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { ImportLine, ImportProblem } from "../../lib/admin/judge-imports";
import { ConfigurationError } from "../../lib/denial";
import { csvCells } from "./csv-cells";
import {
  IMPORT_FIELDS,
  importLine,
  type ImportField,
  type ImportFields,
  type ReadImportOptions,
} from "./import-fields";

/**
 * Reads keys of another system, a line each: JSON objects, or CSV whose first line names its columns. A line that cannot be
 * read comes as a problem. Throws a ConfigurationError when the columns themselves are wrong.
 */
export async function* readImportFile(
  input: Readable,
  options: ReadImportOptions,
): AsyncGenerator<ImportLine | ImportProblem> {
  let number = 0;
  let columns: readonly ImportField[] | null = null;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    const line = number === 1 ? text.replace(/^\ufeff/, "") : text;
    if (line.trim() === "") continue;
    if (columns === null && !line.startsWith("{")) columns = readColumns(line, options);
    else yield readLine(number, () => (columns === null ? jsonFields(line) : csvFields(line, columns)), options);
  }
}

function readLine(line: number, read: () => ImportFields, options: ReadImportOptions): ImportLine | ImportProblem {
  try {
    return importLine(line, read(), options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { line, message: error.message };
  }
}

function readColumns(line: string, { plainKeys = false }: ReadImportOptions): readonly ImportField[] {
  const columns = (csvCells(line) ?? []).map(fieldOf);
  if (columns.length === 0 || columns.includes(null) || new Set(columns).size < columns.length)
    throw unreadable(`its first line must name columns, each once, out of: ${IMPORT_FIELDS.join(", ")}`);
  if (columns.includes("key") && !plainKeys)
    throw unreadable("keys themselves are taken from standard input only (`llm-gate key import -`), never from a file");
  return columns.filter((column) => column !== null);
}

function unreadable(sentence: string): ConfigurationError {
  return new ConfigurationError("import_unreadable", `The keys cannot be imported: ${sentence}.`);
}

function csvFields(line: string, columns: readonly ImportField[]): ImportFields {
  const cells = csvCells(line);
  if (cells?.length !== columns.length) throw new RangeError(`it does not have ${columns.length} cells`);
  const filled = columns.map((column, at) => [column, cells[at] ?? ""] as const).filter(([, cell]) => cell !== "");
  return Object.fromEntries(filled);
}

function jsonFields(line: string): ImportFields {
  const fields: Partial<Record<ImportField, string>> = {};
  for (const [name, value] of Object.entries(jsonObject(line))) {
    const field = fieldOf(name);
    if (field === null) throw new RangeError(`it has a member that is none of: ${IMPORT_FIELDS.join(", ")}`);
    if (value !== null) fields[field] = textOf(value);
  }
  return fields;
}

/** The parser's own words would quote the line. */
function jsonObject(line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below.
  }
  throw new RangeError("it is not a JSON object");
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(" ");
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new RangeError("its values must be texts, numbers and lists of texts");
}

function fieldOf(name: string): ImportField | null {
  return IMPORT_FIELDS.find((field) => field === name.trim()) ?? null;
}
