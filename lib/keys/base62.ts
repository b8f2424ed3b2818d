import type { RandomBytes } from "../ports/clock";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE = DIGITS.length;
/** Bytes from here on would favour the first digits: they are thrown away. */
const BIASED_FROM = 256 - (256 % BASE);

/** Most significant digit first, padded with zeros. `value` is a whole number, not negative. */
export function encodeBase62(value: number, width: number): string {
  let text = "";
  for (let rest = value; rest > 0; rest = Math.floor(rest / BASE)) text = DIGITS.charAt(rest % BASE) + text;
  return text.padStart(width, "0");
}

/** Digits that are all equally likely, by rejection sampling. */
export function randomBase62(random: RandomBytes, length: number): string {
  let text = "";
  while (text.length < length) text += digitsOf(random(length - text.length));
  return text;
}

function digitsOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) if (byte < BIASED_FROM) text += DIGITS.charAt(byte % BASE);
  return text;
}
