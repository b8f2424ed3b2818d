import type { GateFile } from "../../adapters/gate-file/read-gate-file";
import { presidioDetector, type PresidioDetector } from "../../adapters/detectors/presidio";
import type { Logger } from "../../lib/ports/logger";

export interface OpenDetectors {
  readonly detectors: readonly PresidioDetector[];
  /** Says in the log which of them cannot be used now. Calls that need one are refused until it can. */
  check(logger: Logger): Promise<void>;
  close(): Promise<void>;
}

/** The detectors that a gate file names besides the built-in ones. */
export function openDetectors({ detectors: settings }: Pick<GateFile, "detectors">): OpenDetectors {
  const detectors = settings.map(({ presidio }) => presidioDetector(presidio));
  return Object.freeze({
    detectors,
    async check(logger: Logger): Promise<void> {
      for (const detector of detectors) {
        await detector.check().catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : "it did not answer";
          logger.warn("a detector cannot be used: calls that policy wants it for are refused", {
            ...{ detector: detector.name, reason },
          });
        });
      }
    },
    async close(): Promise<void> {
      for (const detector of detectors) await detector.close();
    },
  });
}
