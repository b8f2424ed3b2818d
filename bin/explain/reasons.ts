import type { AdmittedCall, AuthenticatedCall, ClearedCall, EntitledCall } from "../../lib/call";
import { entityRule } from "../../lib/dlp/policy";
import { combineGrants } from "../../lib/policy/combine-grants";
import type { CatalogueModel, Group } from "../../lib/policy/domain";
import { describeEntityRule } from "../output/describe-entity-rule";
import { dlpOwners, type DlpOwner } from "./dlp-owners";

export function whyKnown({ principal }: AuthenticatedCall): string {
  const { keyId, keyName, user, organization } = principal;
  return `${keyId} (${keyName}) acts for ${user.email}, ${user.role} of ${organization.name}`;
}

export function whyAdmitted({ principal }: AuthenticatedCall): string {
  if (principal.user.role === "administrator") return "administrators need no group";
  const giving = principal.groups.filter((group) => group.personalApiKeyAccess);
  return `Personal API Key Access by ${names(giving)}`;
}

export function whyBody({ operation, body }: AdmittedCall): string {
  return `${operation.id}, ${body?.bytes.length ?? 0} bytes of JSON`;
}

export function whyEntitled({ principal, model }: EntitledCall): string {
  if (model === null) return "no model is named";
  const title = `${model.id} of ${model.provider}`;
  if (principal.user.role === "administrator") return `${title}: administrators may use every model`;
  return `${title}: granted by ${names(principal.groups.filter((group) => grants(group, model)))}`;
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
