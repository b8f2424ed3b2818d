import type winston from "winston";
import type { GateOptions } from "../../lib/options";
import type { Store } from "../../lib/ports/store";
import { winstonSink } from "../../adapters/audit/winston";
import type { GateFile } from "../../adapters/gate-file/read-gate-file";

/** A gate file's settings as the gate takes them. */
export function gateOptions(file: GateFile, store: Store, log: winston.Logger): GateOptions {
  const { prefix, realm, errors, forward, askMode, dlp } = file;
  const { idleMs: _, ...limits } = file.limits;
  const { node, floodPerSecond } = file.audit;
  return {
    ...{ store, askMode, dlp, limits, logger: log },
    ...(prefix !== undefined && { prefix }),
    ...(realm !== undefined && { realm }),
    ...(errors !== undefined && { errors }),
    ...(forward !== undefined && { forward }),
    audit: {
      sinks: file.log.audit ? [winstonSink(log)] : [],
      ...(node !== undefined && { node }),
      ...(floodPerSecond !== undefined && { floodPerSecond }),
    },
  };
}
