/** Stands for characters that are read as nothing. */
export const DROP = 0xffff;

type Range = readonly [from: number, to: number];

/** Invisible characters that split a secret for a pattern and not for a reader. */
const DROPPED: readonly Range[] = [
  [0x00ad, 0x00ad], // soft hyphen
  [0x034f, 0x034f], // combining grapheme joiner
  [0x061c, 0x061c], // Arabic letter mark
  [0x180b, 0x180f], // Mongolian selectors
  [0x200b, 0x200f], // zero-width space and joiners, direction marks
  [0x202a, 0x202e], // direction embeddings
  [0x2060, 0x206f], // word joiner, invisible operators, isolates
  [0x20dd, 0x20e0], // combining circles, squares
  [0x20e2, 0x20e4], // combining screens and keycaps
  [0xfe00, 0xfe0f], // variation selectors
  [0xfeff, 0xfeff], // zero-width no-break space
];

/** Where the ten decimal digits of other scripts begin (general category Nd), in the basic plane. */
const ZEROS = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0]; // prettier-ignore

const FULL_WIDTH: Range = [0xff01, 0xff5e];
const LETTER_LIKE: Range = [0x2100, 0x214f];
const CIRCLED_LETTERS: Range = [0x24b6, 0x24e9];

const SPACES = [0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x202f, 0x205f, 0x3000]; // prettier-ignore
const DASHES = [0x2d7, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2043, 0x207b, 0x208b, 0x2212, 0x2796, 0x2e3a, 0x2e3b, 0xfe58, 0xfe63]; // prettier-ignore

/** For every UTF-16 unit what it is read as: itself, the ASCII character that it looks like, or `DROP`. */
export const LOOK_ALIKES = buildTable();

/** Mathematical letters and digits from U+1D400 on, likewise. */
export const MATHEMATICAL = Uint16Array.from({ length: 0x400 }, (_, at) => compatible(0x1d400 + at) ?? 0);

/** Finds the first unit that is not read as itself, and the pairs that begin with the high surrogates given. */
export function unusualUnits(highSurrogates: readonly number[]): RegExp {
  const units = [...LOOK_ALIKES.keys()].filter((code) => LOOK_ALIKES[code] !== code);
  return new RegExp(`[${[...units, ...highSurrogates].map(escaped).join("")}]`);
}

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}

function buildTable(): Uint16Array {
  const table = Uint16Array.from({ length: 0x1_0000 }, (_, code) => code);
  for (const [from, to] of DROPPED) table.fill(DROP, from, to + 1);
  for (const zero of ZEROS) for (let digit = 0; digit < 10; digit++) table[zero + digit] = 0x30 + digit;
  for (const [from, to] of [FULL_WIDTH, LETTER_LIKE, CIRCLED_LETTERS]) {
    for (let code = from; code <= to; code++) table[code] = compatible(code) ?? code;
  }
  for (const code of SPACES) table[code] = 0x20;
  for (const code of DASHES) table[code] = 0x2d;
  return table;
}

/** The one ASCII character that Unicode calls this one compatible with; undefined where there is none. */
function compatible(codePoint: number): number | undefined {
  const plain = String.fromCodePoint(codePoint).normalize("NFKC");
  return plain.length === 1 && plain < "\u0080" ? plain.charCodeAt(0) : undefined;
}
