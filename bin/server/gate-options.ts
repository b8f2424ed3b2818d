import type winston from "winston";
import type { GateOptions } from "../../lib/options";
import type { Detector } from "../../lib/ports/detector";
import type { Store } from "../../lib/ports/store";
import { winstonSink } from "../../adapters/audit/winston";
import { redisBus } from "../../adapters/buses/redis";
import { openSink } from "../../adapters/gate-file/open-sink";
import type { GateFile } from "../../adapters/gate-file/read-gate-file";

/** A gate file's settings as the gate takes them. */
export function gateOptions(
  file: GateFile,
  store: Store,
  log: winston.Logger,
  detectors: readonly Detector[],
): GateOptions {
  const { prefix, realm, importedKeys, errors, forward, askMode, dlp } = file;
  const { idleMs: _, ...limits } = file.limits;
  const { node, floodPerSecond } = file.audit;
  return {
    ...{ store, askMode, dlp: { ...dlp, detectors }, limits, logger: log },
    ...(file.bus !== null && { bus: redisBus(file.bus) }),
    ...(prefix !== undefined && { prefix }),
    ...(realm !== undefined && { realm }),
    ...(importedKeys !== undefined && { importedKeys }),
    ...(errors !== undefined && { errors }),
    ...(forward !== undefined && { forward }),
    audit: {
      sinks: [...file.audit.sinks.map(openSink), ...(file.log.audit ? [winstonSink(log)] : [])],
      ...(node !== undefined && { node }),
      ...(floodPerSecond !== undefined && { floodPerSecond }),
      ...(file.audit.retention !== undefined && { retention: file.audit.retention }),
      ...checkpoints(file, store),
      ...keeping(file),
    },
  };
}

type AuditSettings = NonNullable<GateOptions["audit"]>;

function keeping({ audit }: GateFile): Pick<AuditSettings, "content" | "contentKey" | "contentBytes" | "spool"> {
  const { content: kept, contentKey, contentBytes, spool } = audit;
  return {
    ...(kept !== undefined && { content: kept }),
    ...(contentKey !== undefined && { contentKey }),
    ...(contentBytes !== undefined && { contentBytes }),
    ...(spool !== undefined && { spool }),
  };
}

/** On beside a database that is a file; elsewhere as soon as the gate file speaks of them. */
function checkpoints({ audit }: GateFile, store: Store): Pick<AuditSettings, "checkpoints"> {
  const { checkpoints: file, checkpointKey: key } = audit;
  if (file === undefined && key === undefined && store.checkpointKeyFile === undefined) return {};
  return { checkpoints: { ...(file !== undefined && { file }), ...(key !== undefined && { key }) } };
}
