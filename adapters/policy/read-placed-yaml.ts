import { LineCounter, parseDocument, type Document, type YAMLParseError } from "yaml";
import type { z } from "zod";
import { ConfigurationError } from "../../lib/denial";
import type { Problem } from "./problem";
import { schemaProblems } from "./schema-problems";
import { placeAt, placeOf, specialKeys, type Place } from "./yaml-places";

/** What a kind of file may say. */
export interface PlacedYaml<T> {
  readonly fileName: string;
  /** How messages call the whole of it: `the policy`. */
  readonly noun: string;
  /** Of the ConfigurationError. */
  readonly code: string;
  readonly schema: z.ZodType<T>;
  /** What the schema cannot see; reads whatever is there, so that one mistake does not hide another. */
  checks(value: unknown): readonly Problem[];
  /** Rewrites the document before anything is judged, and says what it could not do. */
  prepare?(document: Document): readonly Misplaced[];
}

/** Something wrong at an offset of the text. */
export interface Misplaced {
  readonly offset: number;
  readonly sentence: string;
}

interface PlacedSentence extends Place {
  readonly sentence: string;
}

/**
 * Reads a YAML file of a known form. Throws a ConfigurationError whose message has a line `file:line:column: sentence`
 * for everything that is wrong with it.
 */
export function readPlacedYaml<T>(text: string, file: PlacedYaml<T>): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const at = ({ offset, sentence }: Misplaced) => ({ ...placeAt(lines, offset), sentence });
  const broken = document.errors.map((error) => at({ offset: error.pos[0], sentence: sentenceFor(error, file.noun) }));
  if (broken.length > 0) throw invalid(file, broken);
  const unprepared = file.prepare?.(document) ?? [];
  const value = plainValue(document, file);
  const parsed = file.schema.safeParse(value);
  const problems = [...(parsed.success ? [] : schemaProblems(parsed.error, value, file.noun)), ...file.checks(value)];
  const special = specialKeys(document).map((offset) => at({ offset, sentence: 'unknown key "__proto__"' }));
  const placed = [
    ...unprepared.map(at),
    ...special,
    ...problems
      .map((problem) => ({ ...placeOf(document, lines, problem), sentence: problem.sentence }))
      .filter(({ line, column }) => !special.some((other) => other.line === line && other.column === column)),
  ];
  if (!parsed.success || placed.length > 0) throw invalid(file, placed);
  return parsed.data;
}

function sentenceFor({ code, message }: YAMLParseError, noun: string): string {
  return code === "MULTIPLE_DOCS" ? `${noun} is one YAML document, not several` : message;
}

/** Aliases are legal; a few that unfold into a flood are not. */
function plainValue(document: Document, file: Pick<PlacedYaml<unknown>, "fileName" | "code">): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw invalid(file, [{ line: 1, column: 1, sentence: (error as Error).message }]);
  }
}

function invalid(
  { fileName, code }: Pick<PlacedYaml<unknown>, "fileName" | "code">,
  problems: readonly PlacedSentence[],
): ConfigurationError {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const messages = sorted.map(
    ({ line, column, sentence }) => `${fileName}:${line}:${column}: ${sentence.replaceAll("\n", " ")}`,
  );
  return new ConfigurationError(code, [...new Set(messages)].join("\n"));
}
