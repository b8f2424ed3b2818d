import { existsSync } from "node:fs";
import { publicKeysIn } from "../lib/audit/checkpoint-key";
import { usageError } from "./command-error";
import { readTextFile } from "./read-text-file";

type PublicKeys = ReturnType<typeof publicKeysIn>;

const WANTED = "give the public key that `llm-gate audit public-key` prints (Ed25519, PEM) with --public-key FILE";

/** The keys of the named file, else the one beside the database; none where there is neither. Throws a usage error. */
export function verifyKeys(file: string | undefined, database: string): PublicKeys {
  const own = `${database}.checkpoint.key`;
  if (file === undefined) return existsSync(own) ? keysIn(own, readTextFile(own)) : new Map();
  const text = readTextFile(file);
  if (/PRIVATE KEY-----/.test(text)) throw usageError(`${file} is a private key, which no verifier needs: ${WANTED}.`);
  return keysIn(file, text);
}

function keysIn(file: string, text: string): PublicKeys {
  try {
    return publicKeysIn(text);
  } catch {
    throw usageError(`${file} has no Ed25519 key in PEM: ${WANTED}.`);
  }
}
