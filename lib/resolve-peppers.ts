import { readFileSync } from "node:fs";
import { ConfigurationError } from "./denial";
import { createPeppers, type Peppers } from "./keys/pepper";

const PEPPER_VERSION = 1;

/** The option, else `LLM_GATE_PEPPER`, else the file beside an embedded database. */
export function resolvePeppers(given: string | Peppers | undefined, pepperFile: string | undefined): Peppers {
  if (typeof given === "object") return given;
  const text =
    given ?? process.env.LLM_GATE_PEPPER ?? (pepperFile === undefined ? undefined : readPepperFile(pepperFile));
  if (text !== undefined) return createPeppers({ current: PEPPER_VERSION, versions: { [PEPPER_VERSION]: text } });
  throw new ConfigurationError(
    "pepper_missing",
    "There is no pepper to verify keys with. Set LLM_GATE_PEPPER to at least 32 bytes of secret text (`openssl rand -base64 48` makes a good one), or give llmGate() the option pepper.",
  );
}

function readPepperFile(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new ConfigurationError(
      "pepper_missing",
      `There is no pepper: LLM_GATE_PEPPER is not set and ${path} cannot be read. Run \`llm-gate init\` once, or set LLM_GATE_PEPPER to what the keys of this store were made with.`,
      cause,
    );
  }
}
