import type { Terminal } from "../terminal";
import { jsonText } from "./json-text";

/** Exactly one JSON document, for programs. */
export function printJson(terminal: Terminal, document: unknown): void {
  terminal.print(jsonText(document, 2));
}

/** The same answer for programs or for people. */
export function present(
  terminal: Terminal,
  { json = false }: { readonly json?: boolean },
  document: unknown,
  text: () => string,
): void {
  if (json) printJson(terminal, document);
  else terminal.print(text());
}
