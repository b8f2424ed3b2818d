import type { AuditRecord } from "../../lib/audit/record";
import type { StoredRecord } from "../../lib/ports/audit-log";
import type { AuditSink } from "../../lib/ports/audit-sink";
import type { Logger } from "../../lib/ports/logger";

/**
 * Gives every record to a logger, a winston logger say: one entry each, the message a fixed word, the facts as fields.
 * Refusals and calls that did not end well are warnings. A copy for people and for search, never the trail itself: a
 * logger gives no receipt, so that a record counts as delivered when the logger has taken it. It begins with what is
 * recorded after its first start; after a crash it goes on where it was.
 */
export function winstonSink(logger: Logger): AuditSink {
  return Object.freeze({
    name: "winston",
    from: "now",
    async deliver(records: readonly StoredRecord[]): Promise<void> {
      for (const { record } of records) logger[levelOf(record)](`audit ${record.kind}`, fields(record));
    },
  });
}

const GOOD_ENDS: ReadonlySet<string> = new Set(["ok", "client_aborted"]);

function levelOf({ decision, outcome }: AuditRecord): "info" | "warn" {
  return decision === "deny" || (outcome !== null && !GOOD_ENDS.has(outcome)) ? "warn" : "info";
}

/** Absent facts are left out, and so is sealed text: nobody reads it in a log, and erasing its key should not leave it lying there. */
function fields({ content, ...record }: AuditRecord): object {
  const present = Object.entries(record).filter(([, value]) => value !== null);
  return Object.fromEntries(present.map(([name, value]) => [name, oneLine(value)]));
}

/** Line breaks and terminal sequences in what callers sent could forge entries in a log of plain lines. */
function oneLine(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value.replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
