import { COMMAND_LINE_NODE } from "./audit/stamp-record";
import { checkNames, checkOneOf, invalid } from "./option-errors";
import type { GateOptions } from "./options";
import type { SpoolOptions } from "./ports/audit-spool";

/** What the options of the audit trail must be, by themselves and to each other. Throws ConfigurationError. */
export function checkAuditOptions(options: GateOptions): void {
  checkNode(options);
  checkCheckpoints(options);
  checkContent(options);
  checkSpool(options.audit?.spool);
  checkSinks(options);
  checkRetention(options);
}

/** Two writers of one chain would stop each other. */
function checkNode({ audit }: GateOptions): void {
  if (audit?.node === COMMAND_LINE_NODE)
    throw invalid("audit.node", COMMAND_LINE_NODE, 'another name, such as "gate-1": this one is the command line\'s');
}

/** Records are read by pages of hundreds. */
export const MOST_CONTENT = 1_048_576;

function checkCheckpoints({ audit, store }: GateOptions): void {
  if (audit?.checkpoints === undefined) return;
  checkNames("audit.checkpoints", audit.checkpoints, ["key", "file", "everyMs"]);
  const { everyMs = 1 } = audit.checkpoints;
  const key: unknown = audit.checkpoints.key ?? store.checkpointKeyFile;
  if (typeof key !== "string") throw invalid("audit.checkpoints.key", key, "the path of a private key in PEM");
  if (!Number.isSafeInteger(everyMs) || everyMs < 1)
    throw invalid("audit.checkpoints.everyMs", everyMs, "a positive whole number");
}

function checkRetention({ audit = {}, store }: GateOptions): void {
  if (audit.retention === undefined) return;
  checkNames("audit.retention", audit.retention, ["days"]);
  const { days } = audit.retention;
  if (!Number.isSafeInteger(days) || days < 1 || days > 36_500)
    throw invalid("audit.retention.days", days, "a whole number of days, at least 1");
  if (audit.checkpoints === undefined || audit.log !== undefined || store.trail === undefined)
    throw invalid("audit.retention", days, "it only with checkpoints, and with the trail in a store on disk");
}

function checkSinks({ audit, store }: GateOptions): void {
  const names = new Set<string>();
  for (const sink of audit?.sinks ?? []) {
    if (typeof sink !== "object" || !("deliver" in sink || "write" in sink))
      throw invalid("audit.sinks", sink, "sinks, such as winstonSink(logger)");
    if (names.has(sink.name)) throw invalid("audit.sinks", sink.name, "a name of its own for each sink");
    if ("deliver" in sink && store.sinks === undefined)
      throw invalid("audit.sinks", sink.name, "sinks only with a store that keeps their places (its `sinks`)");
    names.add(sink.name);
  }
}

function checkContent({ audit = {}, store }: GateOptions): void {
  const { content, contentBytes = 1 } = audit;
  if (content !== undefined) checkOneOf("audit.content", content, ["redacted"]);
  if (content !== undefined && store.contentKeys === undefined)
    throw invalid("audit.content", content, "it only with a store that keeps the keys of its users' content");
  if (!Number.isSafeInteger(contentBytes) || contentBytes < 1 || contentBytes > MOST_CONTENT)
    throw invalid("audit.contentBytes", contentBytes, `a whole number from 1 to ${MOST_CONTENT}`);
}

function checkSpool(spool: SpoolOptions | undefined): void {
  if (spool === undefined) return;
  checkNames("audit.spool", spool, ["path", "maxBytes", "maxMs"]);
  const { path, maxBytes = 1, maxMs = 1 } = spool;
  if (typeof path !== "string" || path === "") throw invalid("audit.spool.path", path, "the path of a file");
  for (const [name, value] of Object.entries({ maxBytes, maxMs })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw invalid(`audit.spool.${name}`, value, "a positive whole number");
  }
}
