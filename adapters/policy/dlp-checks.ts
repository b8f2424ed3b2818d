import { DIRECTIONS, type CustomRule } from "../../lib/dlp/policy";
import { dlpSchema } from "./dlp-schema";
import { entriesAt, type Entry } from "./entries";
import type { Problem } from "./problem";
import { suggestion } from "./strict-object";

/** What the data loss engine at hand can do. */
export interface DlpAbilities {
  /** What its detectors find. */
  readonly entities: readonly string[];
  /** Throws when the rule cannot work; the message says why. */
  compileCustomRule(rule: CustomRule): unknown;
}

/** Every DLP policy of a document, wherever it is written, against what the engine can do. */
export function dlpChecks(root: unknown, abilities: DlpAbilities): readonly Problem[] {
  const owners = ["models", "groups"].flatMap((section) => entriesAt(root, [section]));
  const policies = [
    ...entriesAt(root, ["dlp"]),
    ...owners.flatMap(({ path, value }) =>
      entriesAt(value, ["dlp"]).map((entry) => ({ ...entry, path: [...path, "dlp"] })),
    ),
  ];
  return policies.flatMap((policy) => [...unknownEntities(policy, abilities), ...badRules(policy, abilities)]);
}

function unknownEntities(policy: Entry, { entities }: DlpAbilities): readonly Problem[] {
  const rules = rulesOf(policy).map(({ value }) => value["name"]);
  const sentenceFor = (entity: string) =>
    rules.includes(entity)
      ? `${JSON.stringify(entity)} is a custom rule: its action is written at the rule`
      : `no detector finds ${JSON.stringify(entity)}; ${suggestion(entity, entities)}`;
  return DIRECTIONS.flatMap((direction) => entriesAt(policy.value, [direction])).flatMap(({ path, value }) =>
    Object.keys(value)
      .filter((entity) => !entities.includes(entity))
      .map((entity) => ({ path: [...policy.path, ...path], key: entity, sentence: sentenceFor(entity) })),
  );
}

function badRules(policy: Entry, abilities: DlpAbilities): readonly Problem[] {
  const rules = rulesOf(policy);
  const names = rules.map(({ value }) => value["name"]);
  return rules.flatMap(({ path, value }, index) => {
    const name = value["name"];
    const place = [...policy.path, ...path];
    return [
      ...when(
        typeof name === "string" && abilities.entities.includes(name),
        [...place, "name"],
        `${JSON.stringify(name)} is the name of a built-in entity`,
      ),
      ...when(
        names.indexOf(name) < index,
        [...place, "name"],
        `the custom rule ${JSON.stringify(name)} is named twice`,
      ),
      ...uncompilable([...place, "regex"], value, abilities),
    ];
  });
}

function rulesOf(policy: Entry): readonly Entry[] {
  return Array.isArray(policy.value["custom"]) ? entriesAt(policy.value, ["custom"]) : [];
}

function when(condition: boolean, path: Problem["path"], sentence: string): readonly Problem[] {
  return condition ? [{ path, sentence }] : [];
}

/** A rule whose form is wrong is the schema's business. */
function uncompilable(path: Problem["path"], value: Entry["value"], abilities: DlpAbilities): readonly Problem[] {
  const [rule] = dlpSchema.safeParse({ custom: [value] }).data?.custom ?? [];
  if (rule === undefined) return [];
  try {
    abilities.compileCustomRule(rule);
    return [];
  } catch (error) {
    return [{ path, sentence: (error as Error).message.replace(/\.$/, "") }];
  }
}
