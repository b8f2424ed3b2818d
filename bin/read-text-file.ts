import { readFileSync } from "node:fs";
import { usageError } from "./command-error";

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
};

/** The bytes of a file that a command was given. Throws a usage error that names it. */
export function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw usageError(`${path} cannot be read: ${SENTENCES[code] ?? message}.`);
  }
}

/** The same as text. */
export function readTextFile(path: string): string {
  return decodeText(readFile(path), path);
}

export function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError(`${name} is not text in UTF-8.`);
  }
}
