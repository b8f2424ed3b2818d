import { constants, gunzipSync } from "node:zlib";

/** How much of one text may still be inflated: a few characters must not make megabytes of work. */
export interface Inflation {
  left: number;
}

const LARGEST_TEXT = 65_536;

export function newInflation(): Inflation {
  return { left: 4 * LARGEST_TEXT };
}

export function isCompressed(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** What was compressed, also where its end is missing; null where it is broken or too much. */
export function inflated(bytes: Buffer, inflation: Inflation): Buffer | null {
  if (inflation.left === 0) return null;
  const maxOutputLength = Math.min(LARGEST_TEXT, inflation.left);
  try {
    const plain = gunzipSync(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
    inflation.left -= plain.length;
    return plain;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") inflation.left -= maxOutputLength;
    return null;
  }
}
