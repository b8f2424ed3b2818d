/** Where in a text Presidio's offsets point: it counts code points, a JavaScript string UTF-16 units. */
export interface CodePoints {
  /** How many there are. */
  readonly length: number;
  /** The UTF-16 offset of that many code points. */
  toUnits(points: number): number;
}

const HIGH_SURROGATE = /[\ud800-\udbff]/;

/** The text's surrogates stand in pairs. */
export function codePointsOf(text: string): CodePoints {
  if (!HIGH_SURROGATE.test(text)) return { length: text.length, toUnits: (points) => points };
  const units: number[] = [];
  let at = 0;
  for (const character of text) {
    units.push(at);
    at += character.length;
  }
  units.push(at);
  return { length: units.length - 1, toUnits: (points) => units[points] ?? text.length };
}
