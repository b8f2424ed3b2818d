import type { OpenIntent, RangeReport } from "./verify-range";

/** Puts the reports of one chain's neighbouring ranges together, in their order. */
export function joinRanges(reports: readonly RangeReport[]): RangeReport {
  return {
    ...{ records: sum(reports, "records"), faults: sum(reports, "faults") },
    timeAnomalies: sum(reports, "timeAnomalies"),
    firstFault: first(reports, "firstFault"),
    firstTimeAnomaly: first(reports, "firstTimeAnomaly"),
    ...joinCalls(reports),
  };
}

function sum(reports: readonly RangeReport[], name: "records" | "faults" | "timeAnomalies"): number {
  return reports.reduce((total, report) => total + report[name], 0);
}

function first<Name extends "firstFault" | "firstTimeAnomaly">(
  reports: readonly RangeReport[],
  name: Name,
): RangeReport[Name] | null {
  return reports.find((report) => report[name] !== null)?.[name] ?? null;
}

/** An ending closes an intent of an earlier range. */
function joinCalls(reports: readonly RangeReport[]): Pick<RangeReport, "open" | "ended"> {
  const open = new Map<string, OpenIntent>();
  const ended: string[] = [];
  for (const report of reports) {
    ended.push(...report.ended.filter((requestId) => !open.delete(requestId)));
    for (const intent of report.open) open.set(intent.requestId, intent);
  }
  return { open: [...open.values()], ended };
}
