import { LineCounter, parseDocument, type Document } from "yaml";
import type { PolicyDocument } from "../../lib/admin/policy-document";
import { ConfigurationError } from "../../lib/denial";
import { dlpChecks, type DlpAbilities } from "./dlp-checks";
import { policyChecks } from "./policy-checks";
import { policySchema, type ReadPolicy } from "./policy-schema";
import { schemaProblems } from "./schema-problems";
import { placeAt, placeOf, specialKeys, type Place } from "./yaml-places";

interface PlacedSentence extends Place {
  readonly sentence: string;
}

/**
 * Reads a policy file. Throws a ConfigurationError (`policy_invalid`) whose message has a line
 * `file:line:column: sentence` for everything that is wrong with it.
 */
export function readPolicyFile(text: string, fileName: string, abilities: DlpAbilities): PolicyDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const broken = document.errors.map(({ message, pos }) => ({ ...placeAt(lines, pos[0]), sentence: message }));
  if (broken.length > 0) throw invalid(fileName, broken);
  const value = plainValue(document, fileName);
  const parsed = policySchema.safeParse(value);
  const problems = [
    ...(parsed.success ? [] : schemaProblems(parsed.error, value)),
    ...policyChecks(value),
    ...dlpChecks(value, abilities),
  ];
  const placed = [
    ...problems.map((problem) => ({ ...placeOf(document, lines, problem), sentence: problem.sentence })),
    ...specialKeys(document).map((offset) => ({ ...placeAt(lines, offset), sentence: 'unknown key "__proto__"' })),
  ];
  if (!parsed.success || placed.length > 0) throw invalid(fileName, placed);
  return policyDocument(parsed.data);
}

/** Aliases are legal; a few that unfold into a flood are not. */
function plainValue(document: Document, fileName: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw invalid(fileName, [{ line: 1, column: 1, sentence: (error as Error).message }]);
  }
}

function invalid(fileName: string, problems: readonly PlacedSentence[]): ConfigurationError {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const messages = sorted.map(
    ({ line, column, sentence }) => `${fileName}:${line}:${column}: ${sentence.replaceAll("\n", " ")}`,
  );
  return new ConfigurationError("policy_invalid", [...new Set(messages)].join("\n"));
}

function policyDocument({ organization, dlp, models, groups, users }: ReadPolicy): PolicyDocument {
  return Object.freeze({
    organization,
    dlp,
    models: models.map((model) => ({ ...model, displayName: model.displayName ?? model.id })),
    groups,
    users: users.map((user) => ({ ...user, groups: [...new Set(user.groups)].sort() })),
  });
}
