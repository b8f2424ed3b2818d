import fc from "fast-check";
import type { Catalogue, CatalogueModel, Group, Role, User } from "../../lib/policy/domain";

/** Names that trip maps, patterns and folding: few enough that rules and models meet. */
export const NAMES = [
  "gpt-4o",
  "gpt-4o-mini",
  "GPT-4o",
  "gpt-4o ",
  "gpt-4o\nx",
  "gpt‑4o",
  "ｇｐｔ-4o",
  "gрt-4o",
  "gpt-4o\u200b",
  "gpt-4o/",
  "./gpt-4o",
  "gpt.4",
  "a+b",
  "a*b",
  "^$",
  "(?:",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "agent/one",
  "agent/two",
  "é",
  "e\u0301",
] as const;
const PROVIDERS = ["openai", "anthropic", "OpenAI", "*", "__proto__", "open*"];

const name = fc.constantFrom(...NAMES);
const pattern = fc.oneof(
  name,
  fc.constant("*"),
  fc.tuple(name, fc.nat(8)).map(([text, cut]) => `${text.slice(0, cut)}*`),
);
const list = (item: fc.Arbitrary<string>) => fc.array(item, { maxLength: 3 });
const providers = list(fc.constantFrom(...PROVIDERS));

export const group: fc.Arbitrary<Group> = fc.record({
  id: fc.uuid(),
  name,
  personalApiKeyAccess: fc.boolean(),
  askModeOnly: fc.boolean(),
  models: list(pattern),
  providers,
  denyModels: list(pattern),
  denyProviders: providers,
  dlp: fc.constant(null),
});

export const groups = fc.array(group, { maxLength: 4 });

export const model: fc.Arbitrary<CatalogueModel> = fc.record({
  id: name,
  provider: fc.constantFrom(...PROVIDERS),
  displayName: fc.string(),
  enabled: fc.boolean(),
  upstreamModel: fc.constant(null),
  dlp: fc.constant(null),
});

export const catalogue: fc.Arbitrary<Catalogue> = fc.array(model, { maxLength: 12 }).map(catalogueOf);

export function catalogueOf(models: readonly CatalogueModel[]): Catalogue {
  return { epoch: 1, models: new Map(models.map((entry) => [entry.id, entry])) };
}

export function userOf(role: Role, status: User["status"] = "active"): User {
  return { id: "u1", email: "alice@acme.test", role, status };
}

export function groupOf(rules: Partial<Group>): Group {
  const empty = { models: [], providers: [], denyModels: [], denyProviders: [], dlp: null };
  return { id: "g1", name: "group", personalApiKeyAccess: true, askModeOnly: false, ...empty, ...rules };
}

export function modelOf(id: string, provider = "openai", enabled = true): CatalogueModel {
  return { id, provider, displayName: id, enabled, upstreamModel: null, dlp: null };
}
