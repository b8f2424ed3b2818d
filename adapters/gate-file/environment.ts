import { visit, type Document } from "yaml";
import type { Misplaced } from "../policy/read-placed-yaml";

/**
 * YAML reads the braces of `${NAME}` inside `{ … }` as a mapping. Three characters of Unicode's private use area stand in
 * for them while the text is parsed, one for one, so that every place stays what it is.
 */
const OPEN = "\u{e000}\u{e001}";
const CLOSE = "\u{e002}";
const WRITTEN = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const MARKED = new RegExp(`${OPEN}([A-Za-z_][A-Za-z0-9_]*)${CLOSE}`, "g");

export type Environment = Readonly<Record<string, string | undefined>>;

/** The text with its references in a form that YAML takes for text. */
export function markReferences(text: string): string {
  return text.replace(WRITTEN, (_, name: string) => OPEN + name + CLOSE);
}

/** For messages. */
export function unmarkReferences(text: string): string {
  return text.replace(MARKED, (_, name: string) => `\${${name}}`);
}

/** Puts the values in, after parsing: what they hold is text and never YAML. Says which variables there are none of. */
export function resolveReferences(document: Document, environment: Environment): readonly Misplaced[] {
  const missing: Misplaced[] = [];
  visit(document, {
    Scalar(at, node) {
      if (at === "key" || typeof node.value !== "string") return;
      node.value = node.value.replace(MARKED, (_, name: string) => {
        const value = environment[name];
        if (value !== undefined && value !== "") return value;
        missing.push({ offset: node.range?.[0] ?? 0, sentence: sentenceFor(name, value) });
        return unmarkReferences(OPEN + name + CLOSE);
      });
    },
  });
  return missing;
}

function sentenceFor(name: string, value: string | undefined): string {
  return `the environment variable ${name} is ${value === undefined ? "not set" : "empty"}`;
}
