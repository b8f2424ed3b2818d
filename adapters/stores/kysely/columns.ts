/** How drivers give integers back: PostgreSQL's sends the 64-bit ones as text. */
export type SqlInteger = number | bigint | string;

/** A row that says something no writer of ours would write. It never quotes the value. */
export function malformedColumn(column: string): Error {
  return new Error(`The store holds a malformed value in ${column}.`);
}

export function textColumn(value: unknown, column: string): string {
  if (typeof value !== "string") throw malformedColumn(column);
  return value;
}

export function integerColumn(value: unknown, column: string): number {
  const wellFormed =
    typeof value === "number" || typeof value === "bigint" || (typeof value === "string" && /^-?\d+$/.test(value));
  const number = wellFormed ? Number(value) : NaN;
  if (!Number.isSafeInteger(number)) throw malformedColumn(column);
  return number;
}

export function optionalInteger(value: unknown, column: string): number | null {
  return value === null ? null : integerColumn(value, column);
}

export function optionalText(value: unknown, column: string): string | null {
  return value === null ? null : textColumn(value, column);
}

export function booleanColumn(value: unknown, column: string): boolean {
  const number = integerColumn(value, column);
  if (number !== 0 && number !== 1) throw malformedColumn(column);
  return number === 1;
}

/** A copy: what the caller does to it stays with the caller. */
export function bytesColumn(value: unknown, column: string): Uint8Array {
  if (!(value instanceof Uint8Array)) throw malformedColumn(column);
  return Uint8Array.from(value);
}

export function wordColumn<const Word extends string>(value: unknown, words: readonly Word[], column: string): Word {
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw malformedColumn(column);
  return word;
}

export function jsonColumn(value: unknown, column: string): unknown {
  try {
    return JSON.parse(textColumn(value, column));
  } catch {
    throw malformedColumn(column);
  }
}

export function optionalTextList(value: unknown, column: string): readonly string[] | null {
  return value === null ? null : textListColumn(value, column);
}

export function textListColumn(value: unknown, column: string): readonly string[] {
  const list = jsonColumn(value, column);
  if (!Array.isArray(list)) throw malformedColumn(column);
  return Object.freeze(list.map((item: unknown) => textColumn(item, column)));
}
