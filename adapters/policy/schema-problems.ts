import type { z } from "zod";
import type { JsonPath } from "../../lib/json";
import type { Problem } from "./problem";
import { suggestion } from "./strict-object";

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: "text (put it in quotes)",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

/** What a union says where its schema has no words of its own. */
const UNION_SAYS_NOTHING = "Invalid input";

/** What the schema found, in words. `value` is the document that `whole` names, for what was found where. */
export function schemaProblems(error: z.ZodError, value: unknown, whole: string): readonly Problem[] {
  return error.issues.flatMap((issue) => issueProblems(issue, value, whole));
}

function issueProblems(issue: Issue, value: unknown, whole: string): readonly Problem[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "invalid_union") {
    const meant = meantForm(issue.errors, issue.message === UNION_SAYS_NOTHING);
    if (meant === null) return [{ path, sentence: `${labelOf(path, whole)}: ${issue.message}` }];
    return meant.flatMap((inner) => issueProblems({ ...inner, path: [...issue.path, ...inner.path] }, value, whole));
  }
  if (issue.code === "unrecognized_keys") {
    const sentences = issue.message.split("\n");
    return issue.keys.map((key, index) => ({ path, key, sentence: sentences[index] ?? issue.message }));
  }
  return [{ path, sentence: sentenceFor(issue, labelOf(path, whole), valueAt(value, path)) }];
}

/**
 * Of the forms that something may have, the one of which more is right than its kind. When there is none: the first, or null
 * where the schema has words of its own.
 */
function meantForm(forms: readonly (readonly Issue[])[], orFirst: boolean): readonly Issue[] | null {
  const isWrongKind = ({ code, path }: Issue) => path.length === 0 && /^invalid_(?:type|value)$/.test(code);
  return forms.find((issues) => !issues.some(isWrongKind)) ?? (orFirst ? (forms[0] ?? []) : null);
}

function sentenceFor(issue: Issue, label: string, found: unknown): string {
  if (found === undefined) return `${label} is missing`;
  if (issue.code === "invalid_type") return `${label} must be ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value")
    return `${label} must be one of ${issue.values.join(", ")}${meant(found, issue.values)}`;
  return issue.path.length === 0 || /^[a-z]+ .* has /.test(issue.message)
    ? issue.message
    : `${label}: ${issue.message}`;
}

function meant(found: unknown, values: readonly unknown[]): string {
  if (typeof found !== "string") return "";
  const hint = suggestion(found, values.map(String));
  return hint.startsWith("did") ? `; ${hint}` : "";
}

/** The nearest name on the way: `models`, for the second pattern of a list of that name. */
function labelOf(path: JsonPath, whole: string): string {
  const named = path.findLast((step) => typeof step === "string");
  return named ?? whole;
}

function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((at, step) => {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    return (at as Readonly<Record<string | number, unknown>>)[step];
  }, value);
}
