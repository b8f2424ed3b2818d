/** A sensitive span. It never carries the matched text. */
export interface Finding {
  /** What was found: `EMAIL_ADDRESS`, or the name of the operator's own rule. */
  readonly entity: string;
  /** Which rule found it; the same as `entity` where one rule serves. */
  readonly rule: string;
  /** UTF-16 offsets into the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Confidence, 0 to 1. */
  readonly score: number;
  /** Whether a word or a JSON key near it tells what it is. Absent where the detector does not look around. */
  readonly context?: boolean;
}

/**
 * Finds sensitive spans in one text. Pure: the same text gives the same findings, in any order, overlaps allowed.
 * A throw or a rejection counts as a detector that is down, and the call is refused. `signal` aborts when the
 * time budget is spent; what is returned after that is ignored.
 */
export interface Detector {
  readonly name: string;
  /** Every entity that it can report. Policies may only name entities that some detector reports. */
  readonly entities: readonly string[];
  /** Those of `entities` that are credentials; where one text is claimed twice they win over personal data. */
  readonly secrets?: readonly string[];
  /**
   * The longest match in UTF-16 units, with what must be seen behind it before it is certain. With it the detector promises
   * that a match depends on no more than 512 units of the text before it, and that a stream need not be held whole for it.
   */
  readonly maxLength?: number;
  /**
   * Of a text of which more will come: where the earliest match begins, or may begin, that more text could still make,
   * change or undo; the text's length when there is none. Absent: `maxLength` units are held. Counts only with `maxLength`.
   */
  openAt?(text: string): number;
  detect(text: string, signal: AbortSignal): readonly Finding[] | Promise<readonly Finding[]>;
  /**
   * Absent: texts are read one by one. For a detector that is asked over a network: the same findings for several texts of one
   * call at once, one list for each, in their order.
   */
  detectAll?(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly Finding[])[]>;
}
