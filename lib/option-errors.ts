import { closestName } from "./closest-name";
import { ConfigurationError } from "./denial";

export function checkOneOf(option: string, value: string, legal: readonly string[]): void {
  if (!legal.includes(value)) throw invalid(option, value, `one of ${legal.join(", ")}`);
}

/** Catches misspelt names; `group` is the option whose members they are, empty for the options themselves. */
export function checkNames(group: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== "object" || value === null)
    throw invalid(group || "(all)", value, `an object with ${known.join(", ")}`);
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    const full = group === "" ? name : `${group}.${name}`;
    const near = closestName(name, known);
    throw new ConfigurationError(
      "unknown_option",
      `llmGate() has no option "${full}". ${near ? `Did you mean "${near}"?` : `It takes: ${known.join(", ")}.`}`,
    );
  }
}

/** Says what was received and what to write instead. */
export function invalid(option: string, received: unknown, legal: string): ConfigurationError {
  const shown = typeof received === "string" ? JSON.stringify(received) : String(received);
  return new ConfigurationError("invalid_option", `llmGate() option "${option}" is ${shown}; write ${legal}.`);
}
