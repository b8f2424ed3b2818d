const EXIT_CODES = `Exit codes:
  0  done
  1  refused or failed
  2  called wrongly, or a mistake in a configuration or policy file`;

/** What follows a command's options in its help; `exitCodes` where a command has its own. */
export function lesson(examples: readonly string[], notes = "", exitCodes = EXIT_CODES): string {
  const shown = examples.map((example) => `  ${example}`).join("\n");
  return `${notes === "" ? "" : `\n${notes}\n`}\nExamples:\n${shown}\n\n${exitCodes}`;
}
