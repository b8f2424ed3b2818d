import { readFileSync } from "node:fs";
import { masterKeys, type MasterKeys } from "./audit/content/master-keys";
import { ConfigurationError } from "./denial";

const VARIABLE = "LLM_GATE_CONTENT_KEY";

/** The file that is named, else `LLM_GATE_CONTENT_KEY`, else the file beside an embedded database. Throws ConfigurationError. */
export function resolveMasterKeys(
  given: string | undefined,
  besideDatabase: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): MasterKeys {
  if (given !== undefined) return masterKeys(read(given), given);
  const text = environment[VARIABLE];
  if (text !== undefined) return masterKeys(text, VARIABLE);
  if (besideDatabase !== undefined) return masterKeys(read(besideDatabase), besideDatabase);
  throw new ConfigurationError(
    "content_key_missing",
    `Keeping text of calls needs a master key outside the database: set ${VARIABLE} to 32 random bytes in base64 (\`openssl rand -base64 32\` makes a good one), or give audit.contentKey the path of a file that holds it.`,
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigurationError(
      "content_key_missing",
      `The master key for kept text cannot be read from ${path}, and ${VARIABLE} is not set. Write one there: \`openssl rand -base64 32\` makes a good one.`,
      cause,
    );
  }
}
