/** Where the run of such characters begins that a text ends with; at most `limit` units long. */
export function runAtEnd(text: string, character: RegExp, limit: number): number {
  const floor = Math.max(0, text.length - limit);
  let at = text.length;
  while (at > floor) {
    const from = isLowSurrogate(text.charCodeAt(at - 1)) ? at - 2 : at - 1;
    if (!character.test(text.slice(Math.max(0, from), at))) break;
    at = from;
  }
  return Math.max(0, at);
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
