import { createHash, createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { ConfigurationError } from "../denial";
import { randomBase62 } from "./base62";
import { ID_LENGTH } from "./key-format";

/*
 * A key that another system made comes as its digest: SHA-256 of the key, or HMAC-SHA-256 under that system's secret. At
 * rest there is the digest's digest under our pepper, so that a dump of the database opens nothing, and an id that is
 * derived from the digest, so that such a key is looked up by it as ours are by theirs.
 */
const DIGEST_BYTES = 32;
const DOMAIN = "llm-gate imported key";
const SHORTEST_SECRET = 16;

/** The secrets that other systems made digests with. Throws a ConfigurationError for one that is hardly secret. */
export function importSecrets(texts: readonly string[] = []): readonly KeyObject[] {
  if (texts.every((text) => typeof text === "string" && Buffer.byteLength(text) >= SHORTEST_SECRET))
    return Object.freeze(texts.map((text) => createSecretKey(text, "utf8")));
  throw new ConfigurationError(
    "import_secret",
    `importedKeys.hmacSecrets must be texts of at least ${SHORTEST_SECRET} bytes each: what the other system made its digests with.`,
  );
}

/** Every digest under which this key may have been imported: always as many, whatever the key. */
export function importDigests(key: string, secrets: readonly KeyObject[]): readonly Uint8Array[] {
  const plain = createHash("sha256").update(key, "utf8").digest();
  return [plain, ...secrets.map((secret) => createHmac("sha256", secret).update(key, "utf8").digest())];
}

/** The public id of an imported key: ten base62 digits from which its digest cannot be told. */
export function importedKeyId(digest: Uint8Array): string {
  let draws = 0;
  const stream = (): Uint8Array => {
    const block = createHash("sha256").update(`${DOMAIN} ${draws}`).update(digest);
    draws += 1;
    return block.digest();
  };
  return randomBase62(stream, ID_LENGTH).slice(0, ID_LENGTH);
}

/** A digest as other systems write it, hex or base64, with or without an algorithm's name before it; null for anything else. */
export function readDigest(text: string): Uint8Array | null {
  const bare = text.replace(/^(hmac-)?sha-?256[:$]/i, "");
  if (/^[0-9a-f]{64}$/i.test(bare)) return Uint8Array.from(Buffer.from(bare, "hex"));
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(bare)) return null;
  const bytes = Uint8Array.from(Buffer.from(bare, "base64"));
  return bytes.length === DIGEST_BYTES ? bytes : null;
}
