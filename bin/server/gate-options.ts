import type winston from "winston";
import type { GateOptions } from "../../lib/options";
import type { Store } from "../../lib/ports/store";
import { winstonSink } from "../../adapters/audit/winston";
import { redisBus } from "../../adapters/buses/redis";
import type { GateFile } from "../../adapters/gate-file/read-gate-file";

/** A gate file's settings as the gate takes them. */
export function gateOptions(file: GateFile, store: Store, log: winston.Logger): GateOptions {
  const { prefix, realm, errors, forward, askMode, dlp } = file;
  const { idleMs: _, ...limits } = file.limits;
  const { node, floodPerSecond } = file.audit;
  return {
    ...{ store, askMode, dlp, limits, logger: log },
    ...(file.bus !== null && { bus: redisBus(file.bus) }),
    ...(prefix !== undefined && { prefix }),
    ...(realm !== undefined && { realm }),
    ...(errors !== undefined && { errors }),
    ...(forward !== undefined && { forward }),
    audit: {
      sinks: file.log.audit ? [winstonSink(log)] : [],
      ...(node !== undefined && { node }),
      ...(floodPerSecond !== undefined && { floodPerSecond }),
      ...checkpoints(file),
    },
  };
}

/** On as soon as the file speaks of them; the key is then the one that `init` makes, unless another is named. */
function checkpoints({ audit, database }: GateFile): Pick<NonNullable<GateOptions["audit"]>, "checkpoints"> {
  const { checkpoints: file, checkpointKey } = audit;
  if (file === undefined && checkpointKey === undefined) return {};
  const key = checkpointKey ?? `${database}.checkpoint.key`;
  return { checkpoints: file === undefined ? { key } : { key, file } };
}
