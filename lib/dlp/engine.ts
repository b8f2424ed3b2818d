import type { DlpReport } from "../audit/record";
import type { JsonPath } from "../json";
import type { Detector } from "../ports/detector";
import type { AnswerSpan, OpaquePart } from "../ports/protocol";
import type { CompiledDemand } from "./demand";
import type { Direction, DlpAction, DlpPolicy, StreamMode } from "./policy";
import type { StreamInspection } from "./stream/open-stream";
import type { Tokens } from "./tokens";

/** An operator's rule, ready to run. */
export interface CompiledRule {
  readonly name: string;
  /** The strictest that a layer demands. */
  readonly action: DlpAction;
  readonly demands: readonly CompiledDemand[];
  readonly detector: Detector;
}

/** The strictest of all layers, ready to run. */
export interface EffectivePolicy {
  readonly direction: Direction;
  /** False when nothing needs to be read: every action is off and no custom rule applies. */
  readonly active: boolean;
  /** False when the policy can neither change nor stop a text (all actions `report` or `off`). */
  readonly intervenes: boolean;
  /** Entity → the strictest that may become of what detectors find; an entity that is absent is off. */
  readonly actions: ReadonlyMap<string, DlpAction>;
  /** The same entities → what each layer demands: the strictest that concerns a finding and does not excuse it holds. */
  readonly demands: ReadonlyMap<string, readonly CompiledDemand[]>;
  readonly custom: readonly CompiledRule[];
  /** Null: images and provider-encrypted reasoning pass, other unreadable parts are blocked where the policy intervenes. */
  readonly uninspectable: "allow" | "block" | null;
  readonly unrewritable: "allow" | "block";
  readonly stream: StreamMode;
}

/** The new text of `spans[index]`; the empty string is a text like any other. */
export interface Edit {
  readonly index: number;
  readonly text: string;
}

/** Where something was found; never what. */
export interface LocatedFinding {
  readonly entity: string;
  readonly rule: string;
  readonly action: DlpAction;
  /** The span of the text, or the first of its channel. */
  readonly index: number;
  /** UTF-16 offsets into the span's text (into the joined text of a channel), end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

export interface Inspection {
  /** The entity (or `uninspectable`) that stops the call; null when nothing does. */
  readonly blockedBy: string | null;
  /** Where the text or part is that stops the call. */
  readonly blockedAt: JsonPath | null;
  /** Empty when the call is stopped. At most one per span. */
  readonly edits: readonly Edit[];
  /** One per span of text that a rule owns, in order of place. */
  readonly findings: readonly LocatedFinding[];
  readonly report: DlpReport;
}

export interface DlpEngine {
  /** Every entity that a policy may name. */
  readonly entities: readonly string[];
  /**
   * Layers in any order: organisation, groups, model. Memoised by identity of the layers.
   * Throws Denial `dlp_unavailable` when a rule cannot be compiled, or when the policy intervenes on an entity that no detector finds.
   */
  policyFor(direction: Direction, layers: readonly (DlpPolicy | null)[]): EffectivePolicy;
  /**
   * Throws Denial `dlp_unavailable` when a detector throws, rejects, answers nonsense or overruns the time budget;
   * the signal's reason when the signal aborts. Without `tokens` tokenize acts as
   * redact, and nothing is put back.
   */
  inspect(
    spans: readonly AnswerSpan[],
    opaque: readonly OpaquePart[],
    policy: EffectivePolicy,
    signal: AbortSignal,
    tokens?: Tokens | null,
  ): Promise<Inspection>;
  /** The same for an answer that is delivered while it is made. What is delivered is what one inspection of the whole gives. */
  openStream(policy: EffectivePolicy, signal: AbortSignal, tokens?: Tokens | null): StreamInspection;
}
