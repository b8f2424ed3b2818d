import { createHash, createSecretKey, type KeyObject } from "node:crypto";
import { ConfigurationError } from "../../denial";

/** The keys that wrap data keys. Printing or serialising it shows no secret. */
export interface MasterKeys {
  /** Wraps new data keys. */
  readonly current: MasterKey;
  /** Also keys of earlier times; null for one that nobody gave. */
  find(id: string): MasterKey | null;
}

export interface MasterKey {
  /** The first 16 hex digits of a SHA-256 of the key. */
  readonly id: string;
  readonly key: KeyObject;
}

const KEY_BYTES = 32;
const DOMAIN = "express-llm-gate/content-master-key/1\n";

/**
 * Reads one or more keys of 32 bytes in base64, separated by white space or commas: the first is the current one, those
 * after it still open what they wrapped. Throws ConfigurationError, which never quotes them; `where` names their place.
 */
export function masterKeys(text: string, where: string): MasterKeys {
  const keys = text
    .split(/[\s,]+/)
    .filter((word) => word !== "")
    .map((word) => masterKey(word, where));
  const [current] = keys;
  if (current === undefined) throw invalid(where);
  return Object.freeze({ current, find: (id: string) => keys.find((key) => key.id === id) ?? null });
}

function masterKey(word: string, where: string): MasterKey {
  const bytes = Buffer.from(word, "base64");
  if (bytes.length !== KEY_BYTES || bytes.toString("base64") !== word) throw invalid(where);
  const id = createHash("sha256").update(DOMAIN).update(bytes).digest("hex").slice(0, 16);
  return Object.freeze({ id, key: createSecretKey(bytes) });
}

function invalid(where: string): ConfigurationError {
  return new ConfigurationError(
    "content_key_invalid",
    `${where} does not hold a master key for kept content: write 32 random bytes in base64 (\`openssl rand -base64 32\` makes a good one), the current key first, earlier ones below it.`,
  );
}
