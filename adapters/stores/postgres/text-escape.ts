/** A private-use character that no name of ours has a reason to hold; where one does, it is escaped too. */
const MARK = "\u{f0000}";
const UNKEEPABLE = /[\0\u{f0000}]|\p{Surrogate}/gu;
const ESCAPED = /\u{f0000}([0-9a-f]{4})/gu;
const MARK_ITSELF = "ffff";

/**
 * PostgreSQL's text has no U+0000, and its driver makes U+FFFD of half a surrogate pair, so that two different ids would
 * become one. This form holds both, and different texts stay different.
 */
export function escapeText(value: unknown): unknown {
  return typeof value === "string" ? value.replace(UNKEEPABLE, escaped) : value;
}

function escaped(character: string): string {
  return MARK + (character === MARK ? MARK_ITSELF : character.charCodeAt(0).toString(16).padStart(4, "0"));
}

export function unescapeText(value: unknown): unknown {
  if (typeof value !== "string" || !value.includes(MARK)) return value;
  return value.replace(ESCAPED, (_, code: string) =>
    code === MARK_ITSELF ? MARK : String.fromCharCode(parseInt(code, 16)),
  );
}
