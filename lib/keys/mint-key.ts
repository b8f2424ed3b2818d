import type { RandomBytes } from "../ports/clock";
import { randomBase62 } from "./base62";
import { DEFAULT_KEY_PREFIX, ID_LENGTH, SECRET_LENGTH, checkKeyPrefix, checksumOf } from "./key-format";

export interface MintedKey {
  /** The public part: safe to log and to store. */
  readonly id: string;
  /** The key itself: shown once, never stored. */
  readonly key: string;
}

/** A new key. `random` must be cryptographically strong. Throws a ConfigurationError for a prefix that is not legal. */
export function mintKey(random: RandomBytes, prefix: string = DEFAULT_KEY_PREFIX): MintedKey {
  const id = randomBase62(random, ID_LENGTH);
  const unsigned = `${checkKeyPrefix(prefix)}_${id}${randomBase62(random, SECRET_LENGTH)}`;
  return Object.freeze({ id, key: unsigned + checksumOf(unsigned) });
}
