import { EVENT_MEMBERS, type AuditRecord } from "../../lib/audit/record";

/** The members of a record in the order of the columns. */
export const CSV_COLUMNS: readonly (keyof AuditRecord)[] = Object.freeze([
  "node",
  "boot",
  "seq",
  "v",
  ...EVENT_MEMBERS,
]);

/** `more`: columns of the line beside the record's. */
export function csvHead(...more: readonly string[]): string {
  return [...CSV_COLUMNS, ...more].join(",");
}

/** One line, RFC 4180. What has members of its own is JSON; null is an empty field. */
export function csvLine(record: AuditRecord, ...more: readonly unknown[]): string {
  return [...CSV_COLUMNS.map((name) => record[name]), ...more].map(field).join(",");
}

function field(value: unknown): string {
  if (value === null) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = typeof value === "string" ? withoutFormula(text) : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What callers sent would be run by a spreadsheet that takes it for a formula; some take the full-width signs, too. */
function withoutFormula(text: string): string {
  return /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
}
