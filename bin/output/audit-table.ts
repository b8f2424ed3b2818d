import type { AuditRecord, DlpReport } from "../../lib/audit/record";
import { printable } from "./printable";
import { shortMoment } from "./moment";

type Cell = string | null;

/** Widths that most values keep to, so that lines that come one by one are a table as well. */
const COLUMNS: readonly (readonly [heading: string, width: number, cell: (record: AuditRecord) => Cell])[] = [
  ["TIME", 20, ({ at }) => shortMoment(at)],
  ["KIND", 11, ({ kind }) => kind],
  ["USER", 24, ({ user }) => user],
  ["KEY", 10, ({ keyId }) => keyId],
  ["PROTOCOL", 9, ({ protocol }) => protocol],
  ["MODEL", 20, ({ model }) => model],
  ["DECISION", 8, ({ decision }) => decision],
  ["STATUS", 6, ({ status }) => (status === null ? null : String(status))],
  ["DLP", 12, dlpCell],
  ["WHY", 0, why],
];

export function auditTable(records: readonly AuditRecord[], headed: boolean): string {
  const lines = records.map((record) => line(COLUMNS.map(([, , cell]) => cell(record))));
  return [...(headed ? [line(COLUMNS.map(([heading]) => heading))] : []), ...lines].join("\n");
}

function line(cells: readonly Cell[]): string {
  return cells
    .map((cell, index) => printable(cell ?? "-").padEnd(COLUMNS[index]?.[1] ?? 0))
    .join("  ")
    .trimEnd();
}

/** What data loss prevention did with what was asked (`in`) and with what was answered (`out`). */
function dlpCell({ dlp }: AuditRecord): Cell {
  const directions = [describeReport("in", dlp?.request), describeReport("out", dlp?.response)];
  const said = directions.filter((text) => text !== null);
  return said.length === 0 ? null : said.join(", ");
}

function describeReport(direction: string, report: DlpReport | null | undefined): Cell {
  if (report == null || report.outcome === "off" || report.outcome === "clean") return null;
  return [direction, report.outcome, Object.keys(report.findings).join("+")].filter(Boolean).join(" ");
}

/** Why it was refused or how it ended; what was done, where nobody called. */
function why({ reason, detail, outcome, operation, change, count, checkpoint }: AuditRecord): Cell {
  if (checkpoint !== null) return `number ${checkpoint.number} over ${checkpoint.heads.length} chains`;
  if (change !== null) return `${operation ?? "change"} ${change.subject}${outcome === null ? "" : ` (${outcome})`}`;
  if (count !== null) return `${count} calls: ${reason ?? "refused"}`;
  const said = reason ?? outcome;
  return detail === null ? said : `${said ?? ""} (${detail})`.trim();
}
