import { ENTITY_KINDS } from "../../adapters/detectors/entity-kinds";

/** Names of entities for people: a kind of which none is missing is one word, `all person (58)`. */
export function foldEntities(names: readonly string[]): string {
  const named = new Set(names);
  const whole = Object.entries<readonly string[]>(ENTITY_KINDS).filter(([, of]) => of.every((name) => named.has(name)));
  const folded = new Set(whole.flatMap(([, of]) => of));
  const kinds = whole.map(([kind, of]) => `all ${kind} (${of.length})`);
  return [...kinds, ...names.filter((name) => !folded.has(name))].join(", ");
}
