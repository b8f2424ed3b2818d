export interface LabelledCase {
  readonly text: string;
  readonly labels: readonly { readonly entity: string; readonly start: number; readonly end: number }[];
  /** The entity that the text is about, found or not; `secret` for all credentials, `clean` for none. */
  readonly about: string;
}

/** More than 4,000 texts made from published formats, the same for the same seed. */
export function labelledSet(seed?: number): readonly LabelledCase[];
