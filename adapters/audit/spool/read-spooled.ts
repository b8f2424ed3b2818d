import type { AuditEvent } from "../../../lib/audit/record";
import type { SpoolFile } from "./spool-file";
import { parseSpoolLine } from "./spool-lines";

/** Some appends, whole and in order. */
export interface SpooledGroup {
  readonly events: readonly AuditEvent[];
  /** Lines that are not what was written, or not where they were written. */
  readonly damaged: number;
  /** Offset of the line behind them. */
  readonly end: number;
}

const CHUNK = 1_048_576;
const GROUP_EVENTS = 500;
const NEW_LINE = 10;

/** None of them is behind `end`, where a line ends. */
export async function readSpooled(file: SpoolFile, offset: number, end: number): Promise<SpooledGroup> {
  const bytes = (await file.read(offset, CHUNK)).subarray(0, end - offset);
  const events: AuditEvent[] = [];
  let damaged = 0;
  let at = 0;
  while (at < bytes.length && events.length < GROUP_EVENTS) {
    const lineEnd = bytes.indexOf(NEW_LINE, at);
    const line = parseSpoolLine(bytes.toString("utf8", at, lineEnd));
    if (line === null || line.offset !== offset + at) damaged += 1;
    events.push(...(line?.events ?? []));
    at = lineEnd + 1;
  }
  return { events, damaged, end: offset + at };
}
