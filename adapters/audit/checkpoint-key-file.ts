import { readFileSync } from "node:fs";
import { checkpointSigner } from "../../lib/audit/checkpoint-key";
import { ConfigurationError } from "../../lib/denial";

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: "is not there: `llm-gate init` makes one beside the database",
  EACCES: "cannot be read: permission denied",
  EISDIR: "is a folder",
};

/** The private key that checkpoints are signed with, in PEM. Throws ConfigurationError (`checkpoint_key`). */
export function readCheckpointKey(path: string): string {
  const pem = read(path);
  try {
    checkpointSigner(pem);
    return pem;
  } catch (cause) {
    throw new ConfigurationError("checkpoint_key", `${path} does not hold an Ed25519 private key in PEM.`, cause);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const sentence = SENTENCES[code] ?? `cannot be read: ${message}`;
    throw new ConfigurationError("checkpoint_key", `The checkpoint key ${path} ${sentence}.`, error);
  }
}
