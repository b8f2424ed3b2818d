import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ConfigurationError } from "./denial";
import { createPeppers, type PepperOptions, type Peppers } from "./keys/pepper";

const FIRST_VERSION = 1;

/**
 * The option, else the environment, else the files beside an embedded database. A lone text is version 1.
 * Environment: `LLM_GATE_PEPPER` is the current pepper, of version `LLM_GATE_PEPPER_VERSION` (1 unless it says otherwise);
 * `LLM_GATE_PEPPER_<version>` are others that keys may still use. Files: `<file>` is version 1, `<file>.<version>` others, and
 * the highest is current.
 */
export function resolvePeppers(
  given: string | PepperOptions | Peppers | undefined,
  pepperFile: string | undefined,
): Peppers {
  if (typeof given === "object") return "secret" in given ? given : createPeppers(given);
  if (given !== undefined) return createPeppers({ current: FIRST_VERSION, versions: { [FIRST_VERSION]: given } });
  const { LLM_GATE_PEPPER: text } = process.env;
  if (text !== undefined) return createPeppers(fromEnvironment(text, process.env));
  if (pepperFile !== undefined) return createPeppers(fromFiles(pepperFile));
  throw new ConfigurationError(
    "pepper_missing",
    "There is no pepper to verify keys with. Set LLM_GATE_PEPPER to at least 32 bytes of secret text (`openssl rand -base64 48` makes a good one), or give llmGate() the option pepper.",
  );
}

function fromEnvironment(text: string, environment: NodeJS.ProcessEnv): PepperOptions {
  const current = currentVersion(environment["LLM_GATE_PEPPER_VERSION"]);
  const versions: Record<number, string> = { [current]: text };
  for (const [name, value = ""] of Object.entries(environment)) {
    const [, version] = /^LLM_GATE_PEPPER_(\d+)$/.exec(name) ?? [];
    if (version === undefined) continue;
    if ((versions[Number(version)] ?? value) !== value) throw contradiction(name);
    versions[Number(version)] = value;
  }
  return { current, versions };
}

function currentVersion(text = String(FIRST_VERSION)): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new ConfigurationError(
    "pepper_version",
    `LLM_GATE_PEPPER_VERSION is ${JSON.stringify(text)}; it must be a whole number from 1 on.`,
  );
}

function contradiction(name: string): ConfigurationError {
  return new ConfigurationError(
    "pepper_version",
    `LLM_GATE_PEPPER and ${name} are two peppers of one version: a new pepper needs a version of its own, in LLM_GATE_PEPPER_VERSION.`,
  );
}

function fromFiles(pepperFile: string): PepperOptions {
  const found = pepperFiles(pepperFile);
  const versions = new Map(found.map(({ version, path }) => [version, readPepperFile(path)]));
  if (found.length === 0) versions.set(FIRST_VERSION, readPepperFile(pepperFile));
  return { current: Math.max(...versions.keys()), versions: Object.fromEntries(versions) };
}

/** The files of peppers that are there: `<file>` and `<file>.<version>`. */
export function pepperFiles(pepperFile: string): readonly { readonly version: number; readonly path: string }[] {
  const first = basename(pepperFile);
  const form = /^\.([1-9]\d{0,8})$/;
  return filesIn(dirname(pepperFile))
    .filter((name) => name === first || (name.startsWith(first) && form.test(name.slice(first.length))))
    .map((name) => ({
      version: Number(form.exec(name.slice(first.length))?.[1] ?? FIRST_VERSION),
      path: join(dirname(pepperFile), name),
    }));
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
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
