import type { AdmittedCall, AuthenticatedCall, ClearedCall, EntitledCall } from "../../lib/call";
import { entityRule } from "../../lib/dlp/policy";
import { combineGrants } from "../../lib/policy/combine-grants";
import type { CatalogueModel, Group } from "../../lib/policy/domain";
import { compileModelPatterns } from "../../lib/policy/match-model";
import type { KeyLimits } from "../../lib/ports/store";
import type { Denial } from "../../lib/denial";
import { describeEntityRule } from "../output/describe-entity-rule";
import { dlpOwners, type DlpOwner } from "./dlp-owners";

export function whyKnown({ principal }: AuthenticatedCall): string {
  const { keyId, keyName, user, organization } = principal;
  return `${keyId} (${keyName}) acts for ${user.email}, ${user.role} of ${organization.name}`;
}

/** Without an address the key's networks are named, and not judged. */
export function whyAdmitted({ principal, source }: AuthenticatedCall, { networks }: KeyLimits): string {
  const giving = principal.groups.filter((group) => group.personalApiKeyAccess);
  const access =
    principal.user.role === "administrator"
      ? "administrators need no group"
      : `Personal API Key Access by ${names(giving)}`;
  if (networks === null) return access;
  const only = `${access}; the key works from ${networks.join(", ")} only`;
  return source === null ? `${only} (--from ADDRESS judges that)` : `${only}: ${source} is there`;
}

export function whyBody({ operation, body }: AdmittedCall): string {
  return `${operation.id}, ${body?.bytes.length ?? 0} bytes of JSON`;
}

export function whyEntitled({ principal, model }: EntitledCall, { models }: KeyLimits): string {
  if (model === null) return "no model is named";
  const title = `${model.id} of ${model.provider}${models === null ? "" : `, which the key is limited to (${models.join(", ")})`}`;
  if (principal.user.role === "administrator") return `${title}: administrators may use every model`;
  return `${title}: granted by ${names(principal.groups.filter((group) => grants(group, model)))}`;
}

/** Which limit of the key itself a refusal comes from; null when it comes from something else. */
export function limitBehind({ reason, detail, field }: Denial, { models, networks }: KeyLimits): string | null {
  if (networks !== null && reason === "admission" && detail === "address")
    return `the key works from ${networks.join(", ")} only`;
  if (models === null || reason !== "model_denied" || field === undefined) return null;
  return compileModelPatterns(models)(field) ? null : `the key is limited to ${models.join(", ")}`;
}

export function whyAskMode({ principal }: EntitledCall, bound: boolean): string {
  if (bound) return "Ask Mode Only; the request asks for no tools";
  const only = principal.groups.filter((group) => group.askModeOnly);
  return only.length === 0 ? "no group is Ask Mode Only" : `not enforced here, though ${names(only)} is Ask Mode Only`;
}

/** Every entity that was found, with what each policy demands of such findings. */
export function whyInspected({ principal, model }: EntitledCall, { dlp }: ClearedCall): string {
  const owners = dlpOwners(principal, model);
  const found = Object.entries(dlp?.findings ?? {}).map(
    ([name, count]) => `${name} x ${count}: ${demandsOf(name, owners).join(", ")}`,
  );
  const outcome = dlp?.outcome ?? "off";
  return found.length === 0 ? outcome : `${outcome} (${found.join("; ")})`;
}

function demandsOf(name: string, owners: readonly DlpOwner[]): readonly string[] {
  return owners.flatMap((owner) => {
    const rules = owner.dlp?.custom.filter((rule) => rule.name === name && rule.on !== "response") ?? [];
    const setting = owner.dlp?.request[name];
    return [...(setting === undefined ? [] : [setting]), ...rules.map(({ action }) => action)]
      .filter((demand) => entityRule(demand).action !== "off")
      .map((demand) => `${describeEntityRule(demand)} by ${owner.name}`);
  });
}

/** By the gate's own function, for one group alone. */
function grants(group: Group, model: CatalogueModel): boolean {
  const user = { id: "", email: "", role: "user", status: "active" } as const;
  return combineGrants({ user, groups: [group] }).decide(model) === "granted";
}

function names(groups: readonly Group[]): string {
  return groups.map(({ name }) => name).join(", ");
}
