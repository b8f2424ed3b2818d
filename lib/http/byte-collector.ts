/** Grows as bytes come, copying each about once; a single chunk is not copied. A million one-byte chunks cost a few bytes each. */
export interface ByteCollector {
  readonly length: number;
  add(chunk: Uint8Array): void;
  /** Everything so far; the collector is empty afterwards. */
  take(): Uint8Array;
}

const NOTHING = new Uint8Array(0);
const LEAST = 1024;

/** `expected`: how many bytes will come, where that is known. */
export function byteCollector(expected = 0): ByteCollector {
  let held: Uint8Array = NOTHING;
  let length = 0;
  let own = false;

  function grow(needed: number): void {
    const grown = new Uint8Array(needed <= expected ? expected : Math.max(needed * 2, LEAST));
    grown.set(held.subarray(0, length));
    held = grown;
    own = true;
  }

  return {
    get length() {
      return length;
    },
    add(chunk) {
      if (chunk.length === 0) return;
      const needed = length + chunk.length;
      if (length === 0 && !own) held = chunk;
      else {
        if (!own || needed > held.length) grow(needed);
        held.set(chunk, length);
      }
      length = needed;
    },
    take() {
      const bytes = held.subarray(0, length);
      held = NOTHING;
      length = 0;
      own = false;
      return bytes;
    },
  };
}
