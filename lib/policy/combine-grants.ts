import type { KeyLimits } from "../ports/store";
import type { CatalogueModel, Group, Principal } from "./domain";
import { compileNetworks } from "./match-network";
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
  /** Whether the key may be used from this address; null is an address that is not known. */
  admitsFrom(source: string | null): boolean;
  decide(model: CatalogueModel): ModelDecision;
}

/** A principal, or the snapshot that it comes from. */
export interface GrantHolder extends Pick<Principal, "user" | "groups"> {
  /** What the key itself may do less; absent: nothing less. */
  readonly key?: KeyLimits;
}

/** Says what each principal may do. Remembers the answer as long as the (frozen) principal or snapshot lives. */
export function createGrants(resolution: AskModeResolution = "every-group"): (holder: GrantHolder) => Grant {
  const known = new WeakMap<GrantHolder, Grant>();
  return function grantOf(holder) {
    const grant = known.get(holder) ?? combineGrants(holder, resolution);
    known.set(holder, grant);
    return grant;
  };
}

/**
 * Additive over groups; administrators are exempt from what groups restrict, and nobody from the limits of a key.
 * Suspension is judged at admission.
 */
export function combineGrants(holder: GrantHolder, resolution: AskModeResolution = "every-group"): Grant {
  const grant = holder.user.role === "administrator" ? UNRESTRICTED : grantOfGroups(holder, resolution);
  return holder.key === undefined ? grant : narrowed(grant, holder.key);
}

function grantOfGroups({ groups }: GrantHolder, resolution: AskModeResolution): Grant {
  return Object.freeze({
    admitsFrom: () => true,
    apiKeyAccess: groups.some((group) => group.personalApiKeyAccess),
    askModeOnly: bindsToAskMode(groups, resolution),
    decide: decider(groups),
  });
}

const UNRESTRICTED: Grant = Object.freeze({
  apiKeyAccess: true,
  askModeOnly: false,
  admitsFrom: () => true,
  decide: () => "granted",
});

function narrowed(grant: Grant, { models, networks }: KeyLimits): Grant {
  const matches = models === null ? null : compileModelPatterns(models);
  return Object.freeze({
    ...grant,
    ...(networks !== null && { admitsFrom: compileNetworks(networks) }),
    ...(matches !== null && {
      decide: (model: CatalogueModel) => (matches(model.id) ? grant.decide(model) : "model_denied"),
    }),
  });
}

function bindsToAskMode(groups: readonly Group[], resolution: AskModeResolution): boolean {
  if (resolution === "any-group") return groups.some((group) => group.askModeOnly);
  return groups.length > 0 && groups.every((group) => group.askModeOnly);
}

function decider(groups: readonly Group[]): Grant["decide"] {
  const rules = groups.map(ruleOf);
  return function decide(model) {
    if (rules.some((rule) => rule.grants(model))) return "granted";
    return rules.some((rule) => rule.deniesProvider(model.provider)) ? "provider_denied" : "model_denied";
  };
}

const compiled = new WeakMap<Group, ReturnType<typeof compileGroup>>();

/** Groups are frozen, and of many who are in one. */
function ruleOf(group: Group): ReturnType<typeof compileGroup> {
  const rule = compiled.get(group) ?? compileGroup(group);
  compiled.set(group, rule);
  return rule;
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
