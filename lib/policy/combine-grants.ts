import type { CatalogueModel, Group, Principal } from "./domain";
import { compileModelPatterns, compileNames } from "./match-model";

export type ModelDecision = "granted" | "model_denied" | "provider_denied";

export const ASK_MODE_RESOLUTIONS = ["every-group", "any-group"] as const;
/** Ask Mode binds a user when every group of theirs asks for it (additive), or when any one does (strictest). */
export type AskModeResolution = (typeof ASK_MODE_RESOLUTIONS)[number];

/** What a principal may do, computed once from its groups. */
export interface Grant {
  /** Personal API Key Access in at least one group, or an administrator. */
  readonly apiKeyAccess: boolean;
  readonly askModeOnly: boolean;
  decide(model: CatalogueModel): ModelDecision;
}

/** A principal, or the snapshot that it comes from. */
export type GrantHolder = Pick<Principal, "user" | "groups">;

/** Says what each principal may do. Remembers the answer as long as the (frozen) principal or snapshot lives. */
export function createGrants(resolution: AskModeResolution = "every-group"): (holder: GrantHolder) => Grant {
  const known = new WeakMap<GrantHolder, Grant>();
  return function grantOf(holder) {
    const grant = known.get(holder) ?? combineGrants(holder, resolution);
    known.set(holder, grant);
    return grant;
  };
}

/** Additive over groups; administrators are exempt from what groups restrict. Suspension is judged at admission. */
export function combineGrants(holder: GrantHolder, resolution: AskModeResolution = "every-group"): Grant {
  if (holder.user.role === "administrator") return UNRESTRICTED;
  const { groups } = holder;
  return Object.freeze({
    apiKeyAccess: groups.some((group) => group.personalApiKeyAccess),
    askModeOnly: bindsToAskMode(groups, resolution),
    decide: decider(groups),
  });
}

const UNRESTRICTED: Grant = Object.freeze({ apiKeyAccess: true, askModeOnly: false, decide: () => "granted" });

function bindsToAskMode(groups: readonly Group[], resolution: AskModeResolution): boolean {
  if (resolution === "any-group") return groups.some((group) => group.askModeOnly);
  return groups.length > 0 && groups.every((group) => group.askModeOnly);
}

function decider(groups: readonly Group[]): Grant["decide"] {
  const rules = groups.map(compileGroup);
  return function decide(model) {
    if (rules.some((rule) => rule.grants(model))) return "granted";
    return rules.some((rule) => rule.deniesProvider(model.provider)) ? "provider_denied" : "model_denied";
  };
}

function compileGroup(group: Group) {
  const models = compileModelPatterns(group.models);
  const providers = compileNames(group.providers);
  const deniesModel = compileModelPatterns(group.denyModels);
  const deniesProvider = compileNames(group.denyProviders);
  function grants({ id, provider }: CatalogueModel): boolean {
    return (models(id) || providers(provider)) && !deniesModel(id) && !deniesProvider(provider);
  }
  return { grants, deniesProvider };
}
