import type { DlpReport } from "../audit/record";
import type { AnswerSpan, OpaquePart } from "../ports/protocol";
import type { Direction, DlpPolicy } from "./policy";

/** The strictest of all layers, ready to run. */
export interface EffectivePolicy {
  readonly direction: Direction;
  /** False when nothing needs to be read: every action is off and no custom rule applies. */
  readonly active: boolean;
  /** False when the policy can neither change nor stop a text (all actions `report` or `off`). */
  readonly intervenes: boolean;
}

/** The new text of `spans[index]`. */
export interface Edit {
  readonly index: number;
  readonly text: string;
}

export interface Inspection {
  /** The entity (or `uninspectable`) that stops the call; null when nothing does. */
  readonly blockedBy: string | null;
  readonly edits: readonly Edit[];
  readonly report: DlpReport;
}

export interface DlpEngine {
  /** Layers in any order: organisation, groups, model. Memoised by identity of the layers. */
  policyFor(direction: Direction, layers: readonly (DlpPolicy | null)[]): EffectivePolicy;
  /** Throws Denial `dlp_unavailable` when a detector throws, rejects or overruns the time budget. */
  inspect(
    spans: readonly AnswerSpan[],
    opaque: readonly OpaquePart[],
    policy: EffectivePolicy,
    signal: AbortSignal,
  ): Promise<Inspection>;
}
