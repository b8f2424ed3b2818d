import type { ContentVault } from "./content-vault";
import type { GateOptions } from "./options";
import type { AuditLog } from "./ports/audit-log";
import type { AuditObserver } from "./ports/audit-sink";
import type { Clock } from "./ports/clock";
import type { Logger } from "./ports/logger";
import type { Shipping } from "./sinks/ship-records";
import { createRecorder, type Recorder } from "./stages/record";
import { decisionSink } from "./stages/record/decision-sink";

interface Parts {
  readonly log: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly shipping: Shipping;
  readonly content: ContentVault | null;
}

/** The recorder of one gate: what it writes is told to observers, and wakes the sinks. */
export function openRecorder(options: GateOptions, { shipping, content, ...parts }: Parts): Recorder {
  const { sinks = [], floodPerSecond } = options.audit ?? {};
  const observers = sinks.filter((sink): sink is AuditObserver => !("deliver" in sink));
  if (options.onDecision) observers.push(decisionSink(options.onDecision));
  return createRecorder({
    ...{ ...parts, sinks: [...observers, shipping] },
    ...(floodPerSecond !== undefined && { flood: { perSecond: floodPerSecond } }),
    ...(content && { content }),
  });
}
