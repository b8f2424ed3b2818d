/** From strictest to none; the strictest of organisation, groups and model applies. */
export const DLP_ACTIONS = ["block", "redact", "tokenize", "report", "off"] as const;
export type DlpAction = (typeof DLP_ACTIONS)[number];

export const DIRECTIONS = ["request", "response"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** From strictest on. */
export const STREAM_MODES = ["strict", "hold"] as const;
export type StreamMode = (typeof STREAM_MODES)[number];

/** A rule of the operator's own: exactly one of `regex`, `phrases` (word edges, case folded) and `literals` (as written). */
export interface CustomRule {
  readonly name: string;
  readonly regex?: string;
  readonly phrases?: readonly string[];
  readonly literals?: readonly string[];
  readonly action: DlpAction;
  readonly on: Direction | "both";
}

export const CONTEXT_NEEDS = ["optional", "required"] as const;
export type ContextNeed = (typeof CONTEXT_NEEDS)[number];

/** What becomes of an entity's findings, and which of them count. */
export interface EntityRule {
  readonly action: DlpAction;
  /** 0 to 1: what scores less does not count. Default 0.5. */
  readonly minScore?: number;
  /**
   * `required`: what its detector says stands without a word or a JSON key near it that tells what it is does not count.
   * What detectors do not look around for counts all the same. Default `optional`.
   */
  readonly context?: ContextNeed;
}

/** What is no finding, in spite of how it looks. */
export interface AllowList {
  /** The whole of what was found; case, look-alikes and the width of white space make no difference. */
  readonly values: readonly string[];
  /** Words inside which nothing counts: word edges, case folded, any white space. */
  readonly phrases: readonly string[];
}

/** Entity name → action, or action with conditions, per direction; what is not named is off. */
export interface DlpPolicy {
  readonly request: Readonly<Record<string, DlpAction | EntityRule>>;
  readonly response: Readonly<Record<string, DlpAction | EntityRule>>;
  readonly custom: readonly CustomRule[];
  /** Excuses what this policy itself demands, its custom rules included; never what another layer demands. */
  readonly allow?: AllowList;
  /** Parts that cannot be read. Absent: images and provider-encrypted reasoning pass, documents and audio are blocked. */
  readonly uninspectable?: "allow" | "block";
  /** Findings to be rewritten where text may only be scanned (schemas, signed thinking). Default `allow`, on record. */
  readonly unrewritable?: "allow" | "block";
  /** `hold` (default): streams go out but for the end that could still become a finding. `strict`: not before all was read. */
  readonly stream?: StreamMode;
}

/** An action alone is a rule without conditions. */
export function entityRule(setting: DlpAction | EntityRule): EntityRule {
  return typeof setting === "string" ? { action: setting } : setting;
}
