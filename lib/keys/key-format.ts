import { crc32 } from "node:zlib";
import { ConfigurationError } from "../denial";
import { encodeBase62 } from "./base62";

/*
 * A key is `<prefix>_<id><secret><checksum>`, digits 0-9A-Za-z:
 * a public id that is safe to log, a secret of at least 196 bits, and a CRC-32 of all before it as a filter against noise.
 */
export const ID_LENGTH = 10;
export const SECRET_LENGTH = 33;
export const CHECKSUM_LENGTH = 6;
/** Everything after the underscore. */
export const BODY_LENGTH = ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH;

export const DEFAULT_KEY_PREFIX = "llmg";

const PREFIX = /^[a-z0-9]{2,12}$/;

/** The prefix itself, or a ConfigurationError that says what a prefix may be. */
export function checkKeyPrefix(prefix: string): string {
  if (PREFIX.test(prefix)) return prefix;
  throw new ConfigurationError(
    "key_prefix",
    `keyPrefix is ${JSON.stringify(prefix)}; it must be 2 to 12 lower-case letters or digits, such as "${DEFAULT_KEY_PREFIX}".`,
  );
}

/** The six digits that end a key, from all that stands before them. */
export function checksumOf(unsigned: string): string {
  return encodeBase62(crc32(unsigned), CHECKSUM_LENGTH);
}

/** What secret scanners look for: finds every key with that prefix, in any text. */
export function keyPattern(prefix: string = DEFAULT_KEY_PREFIX): RegExp {
  return new RegExp(`\\b${checkKeyPrefix(prefix)}_[0-9A-Za-z]{${BODY_LENGTH}}\\b`);
}

/** The published pattern of keys with the default prefix. */
export const KEY_PATTERN: RegExp = keyPattern();
