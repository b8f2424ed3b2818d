import { existsSync } from "node:fs";
import { publicKeysIn } from "../lib/audit/checkpoint-key";
import { readTextFile } from "./read-text-file";

/** The keys of the named file, else the one beside the database; none where there is neither. */
export function verifyKeys(file: string | undefined, database: string): ReturnType<typeof publicKeysIn> {
  const own = `${database}.checkpoint.key`;
  if (file !== undefined) return publicKeysIn(readTextFile(file));
  return existsSync(own) ? publicKeysIn(readTextFile(own)) : new Map();
}
