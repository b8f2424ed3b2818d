/** Where the run without white space, quotes and angle brackets begins that a text ends with; at most `limit` units long. */
export function unbrokenRunAt(text: string, limit: number): number {
  const floor = Math.max(0, text.length - limit);
  let at = text.length;
  while (at > floor && !isBreak(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function isBreak(code: number): boolean {
  return code <= 32 || code === 34 || code === 39 || code === 60 || code === 62 || code === 96;
}
