import type { JsonPath } from "../../lib/json";
import { suggestion } from "./strict-object";
import { entriesAt, type Entry } from "./entries";
import type { Problem } from "./problem";

/** What ties the parts of a policy together. Reads whatever is there, so that one mistake does not hide another. */
export function policyChecks(root: unknown): readonly Problem[] {
  return [
    ...repeated(root, "models", "id", "model"),
    ...repeated(root, "groups", "name", "group"),
    ...repeated(root, "users", "email", "user"),
    ...danglingGroups(root),
    ...badPatterns(root),
  ];
}

/** Addresses that differ in nothing but case are one mailbox, and would be two users. */
function repeated(root: unknown, section: string, member: string, noun: string): readonly Problem[] {
  const seen = new Set<string>();
  const isNew = (text: string) => seen.size < seen.add(member === "email" ? text.toLowerCase() : text).size;
  return textsOf(entriesAt(root, [section]), member)
    .filter(({ text }) => !isNew(text))
    .map(({ path, text }) => ({ path, sentence: `the ${noun} ${JSON.stringify(text)} is named twice` }));
}

function danglingGroups(root: unknown): readonly Problem[] {
  const known = new Set(textsOf(entriesAt(root, ["groups"]), "name").map(({ text }) => text));
  return entriesAt(root, ["users"])
    .flatMap((user) => textsIn(user, "groups"))
    .filter(({ text }) => !known.has(text))
    .map(({ path, text }) => ({
      path,
      sentence: `there is no group ${JSON.stringify(text)}; ${suggestion(text, [...known])}`,
    }));
}

function badPatterns(root: unknown): readonly Problem[] {
  const groups = entriesAt(root, ["groups"]);
  const patterns = groups.flatMap((group) => [...textsIn(group, "models"), ...textsIn(group, "denyModels")]);
  const providers = groups.flatMap((group) => [...textsIn(group, "providers"), ...textsIn(group, "denyProviders")]);
  return [
    ...patterns
      .filter(({ text }) => text.slice(0, -1).includes("*"))
      .map(({ path, text }) => ({
        path,
        sentence: `the pattern ${JSON.stringify(text)} may have one "*", at its end`,
      })),
    ...providers
      .filter(({ text }) => text.includes("*"))
      .map(({ path, text }) => ({
        path,
        sentence: `the provider ${JSON.stringify(text)} must be named exactly, without "*"`,
      })),
  ];
}

interface Text {
  readonly path: JsonPath;
  readonly text: string;
}

function textsOf(entries: readonly Entry[], member: string): readonly Text[] {
  return entries.flatMap(({ path, value }) => textAt([...path, member], value[member]));
}

function textsIn({ path, value }: Entry, member: string): readonly Text[] {
  const list = value[member];
  return Array.isArray(list) ? list.flatMap((item: unknown, index) => textAt([...path, member, index], item)) : [];
}

function textAt(path: JsonPath, value: unknown): readonly Text[] {
  return typeof value === "string" ? [{ path, text: value }] : [];
}
