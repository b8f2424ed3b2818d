import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from "node:crypto";
import { ConfigurationError, Denial } from "../denial";

const MINIMUM_BYTES = 32;
const DIGEST_BYTES = 32;
const NO_SALT = new Uint8Array(0);
/** Is no key, and no digest of one: neither has this length or these characters. */
const PROOF_TEXT = "Is this the pepper that express-llm-gate has known under this version?";
const NO_DIGEST: Uint8Array = new Uint8Array(DIGEST_BYTES);

export interface PepperOptions {
  /** The version that new keys are digested with. */
  readonly current: number;
  /** Version (1, 2, …) → pepper: any text of at least 32 bytes in UTF-8. Old versions stay as long as keys use them. */
  readonly versions: Readonly<Record<number, string>>;
}

/** The secrets that digests are keyed with. Printing or serialising it shows no secret. */
export interface Peppers {
  readonly current: number;
  /** Those that are given, where they can be listed. */
  readonly versions?: readonly number[];
  secret(version: number): KeyObject | undefined;
}

/** A digest as it is at rest. */
export interface KeyDigest {
  readonly digest: Uint8Array;
  readonly pepperVersion: number;
}

/** Throws a ConfigurationError for a pepper that is too short, a version that is no positive whole number, or a missing current one. */
export function createPeppers(options: PepperOptions): Peppers {
  const secrets = new Map(Object.entries(options.versions).map(([version, text]) => readPepper(version, text)));
  if (!secrets.has(options.current)) {
    const known = [...secrets.keys()].join(", ") || "none";
    throw new ConfigurationError(
      "pepper_missing",
      `The current pepper version is ${options.current}, but the versions given are: ${known}. Give that version a pepper.`,
    );
  }
  const versions = Object.freeze([...secrets.keys()]);
  return Object.freeze({ current: options.current, versions, secret: (version: number) => secrets.get(version) });
}

/** HMAC-SHA-256 of the whole key, or of what stands for an imported one; 32 bytes. Throws a Denial (503, `configuration`) for a version that nobody configured. */
export function digestKey(peppers: Peppers, version: number, key: string | Uint8Array): Uint8Array {
  const secret = peppers.secret(version);
  if (secret === undefined) throw unknownVersion(version);
  const hmac = createHmac("sha256", secret);
  return (typeof key === "string" ? hmac.update(key, "utf8") : hmac.update(key)).digest();
}

/** What shows of a pepper that it is the same as elsewhere, and leads nobody back to it: HMAC-SHA-256 of a fixed text. */
export function pepperProof(peppers: Peppers, version: number): Uint8Array {
  return digestKey(peppers, version, PROOF_TEXT);
}

/**
 * Whether `key` is the one whose digest is stored, in constant time. Without a stored digest the same work is done
 * and the answer is no, so that an unknown key takes as long as a wrong one.
 */
export function provesKey(peppers: Peppers, key: string | Uint8Array, stored: KeyDigest | null): boolean {
  const digest = digestKey(peppers, stored?.pepperVersion ?? peppers.current, key);
  const expected = stored?.digest.length === DIGEST_BYTES ? stored.digest : NO_DIGEST;
  return timingSafeEqual(digest, expected) && expected !== NO_DIGEST;
}

/**
 * HMAC-SHA-256 under a key of its own, derived (HKDF, RFC 5869) from the current pepper and the scope: digests of another
 * scope, and the pepper, cannot be told from it. The key is derived when the first digest is asked for.
 */
export function scopedDigest(peppers: Peppers, scope: readonly string[]): (text: string) => Uint8Array {
  let key: KeyObject | undefined;
  return (text) =>
    createHmac("sha256", (key ??= derive(peppers, scope)))
      .update(text, "utf8")
      .digest();
}

function derive(peppers: Peppers, scope: readonly string[]): KeyObject {
  const secret = peppers.secret(peppers.current);
  if (secret === undefined) throw unknownVersion(peppers.current);
  const bytes = hkdfSync("sha256", secret, NO_SALT, JSON.stringify(scope), DIGEST_BYTES);
  return createSecretKey(Buffer.from(bytes));
}

function readPepper(name: string, text: string): [number, KeyObject] {
  const version = Number(name);
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new ConfigurationError(
      "pepper_version",
      `Pepper version ${JSON.stringify(name)} is not a whole number from 1 on.`,
    );
  }
  const bytes = typeof text === "string" ? Buffer.byteLength(text, "utf8") : 0;
  if (bytes < MINIMUM_BYTES) {
    throw new ConfigurationError(
      "pepper_too_short",
      `Pepper version ${version} has ${bytes} bytes; it must be text of at least ${MINIMUM_BYTES} bytes. \`openssl rand -base64 48\` makes a good one.`,
    );
  }
  return [version, createSecretKey(text, "utf8")];
}

/** The key may well be good: this gate lacks a pepper that is in use. */
function unknownVersion(version: number): Denial {
  return new Denial("store_unavailable", {
    reason: "configuration",
    detail: `a key was digested with pepper version ${version}, which is not configured`,
  });
}
