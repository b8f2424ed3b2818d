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

/** Entity name → action, per direction; what is not named is off. */
export interface DlpPolicy {
  readonly request: Readonly<Record<string, DlpAction>>;
  readonly response: Readonly<Record<string, DlpAction>>;
  readonly custom: readonly CustomRule[];
  /** Parts that cannot be read. Absent: images and provider-encrypted reasoning pass, documents and audio are blocked. */
  readonly uninspectable?: "allow" | "block";
  /** Findings to be rewritten where text may only be scanned (schemas, signed thinking). Default `allow`, on record. */
  readonly unrewritable?: "allow" | "block";
  /** `hold` (default): streams go out but for the end that could still become a finding. `strict`: not before all was read. */
  readonly stream?: StreamMode;
}
