const PARTS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

/** The words of identifiers and prose, in lower case and in order: `X-ApiKey` gives `x`, `api`, `key`. */
export function wordsOf(text: string): readonly string[] {
  return (text.match(PARTS) ?? []).map((word) => word.toLowerCase());
}
