import type { Bindings } from "./core";
import type { GateOptions } from "./options";
import type { AuditLog, AuditLogOptions } from "./ports/audit-log";
import type { SpooledLogParts } from "./ports/audit-spool";

/** The trail that the options name, with a spool to fall back on where they ask for one. */
export function openTrail(
  bindings: Bindings,
  options: GateOptions,
  { boot, ...parts }: Pick<SpooledLogParts, "clock" | "logger" | "newId"> & { readonly boot: string },
): AuditLog {
  const log = options.audit?.log ?? options.store.auditLog(auditLogOptions(bindings, options, boot));
  const { spool, node = "gate" } = options.audit ?? {};
  return spool === undefined ? log : bindings.spooled({ ...parts, log, node, spool });
}

function auditLogOptions(bindings: Bindings, { audit = {}, store }: GateOptions, boot: string): AuditLogOptions {
  const writer = { node: audit.node ?? "gate", boot };
  if (audit.checkpoints === undefined) return writer;
  return {
    ...writer,
    checkpointKey: bindings.readCheckpointKey(audit.checkpoints.key ?? store.checkpointKeyFile ?? ""),
  };
}
