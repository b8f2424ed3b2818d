import { writeFileSync } from "node:fs";
import { ConfigurationError } from "../../lib/denial";

export type Made = "created" | "existing";

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

/** Makes a file that only its owner may read; one that is there already stays as it is. */
export function makePrivateFile(path: string, content: () => string): Made {
  try {
    writeFileSync(path, content(), { flag: "wx", mode: 0o600, flush: true });
    return "created";
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return "existing";
    throw new ConfigurationError(
      "store_unreadable",
      `${path} cannot be created: ${SENTENCES[code] ?? message}.`,
      error,
    );
  }
}
