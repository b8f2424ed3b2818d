/**
 * The text with its token in place of every value, as it is or escaped for JSON. `cut`: more stood behind the text, so that
 * it may end in a part of a value, which goes.
 */
export function hideValues(text: string, tokens: ReadonlyMap<string, string>, cut: boolean): string {
  const forms = new Map([...tokens].flatMap(([value, token]) => formsOf(value).map((form) => [form, token] as const)));
  if (forms.size === 0) return text;
  // Of two that begin alike the longer one is meant.
  const longestFirst = [...forms.keys()].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(longestFirst.map(escapeRegExp).join("|"), "g");
  const hidden = text.replace(pattern, (form) => forms.get(form) ?? "");
  return cut ? hidden.slice(0, hidden.length - openPart(hidden, longestFirst)) : hidden;
}

function formsOf(value: string): readonly string[] {
  return value === "" ? [] : [...new Set([value, JSON.stringify(value).slice(1, -1)])];
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** The length of the longest beginning of a form that the text ends in. */
function openPart(text: string, forms: readonly string[]): number {
  return forms.reduce((longest, form) => {
    for (let length = Math.min(form.length - 1, text.length); length > longest; length -= 1)
      if (text.endsWith(form.slice(0, length))) return length;
    return longest;
  }, 0);
}
