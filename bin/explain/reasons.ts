import type { AdmittedCall, AuthenticatedCall, ClearedCall, EntitledCall } from "../../lib/call";
import type { DlpEngine } from "../../lib/dlp/engine";
import { dlpLayers } from "../../lib/dlp/layers";
import type { DlpAction } from "../../lib/dlp/policy";
import { combineGrants } from "../../lib/policy/combine-grants";
import type { CatalogueModel, Group, Principal } from "../../lib/policy/domain";

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

/** Every entity that was found, with the action that decided and whose policies ask for it. */
export function whyInspected({ principal, model }: EntitledCall, { dlp }: ClearedCall, engine: DlpEngine): string {
  const policy = engine.policyFor("request", dlpLayers(principal, model));
  const found = Object.entries(dlp?.findings ?? {}).map(([entity, count]) => {
    const action = policy.actions.get(entity) ?? policy.custom.find(({ name }) => name === entity)?.action ?? "off";
    return `${entity} x ${count}: ${action} by ${askingFor(entity, action, principal, model).join(", ")}`;
  });
  const outcome = dlp?.outcome ?? "off";
  return found.length === 0 ? outcome : `${outcome} (${found.join("; ")})`;
}

function askingFor(
  entity: string,
  action: DlpAction,
  { organization, groups }: Principal,
  model: CatalogueModel | null,
): readonly string[] {
  const owners = [organization, ...groups, ...(model === null ? [] : [{ name: model.id, dlp: model.dlp }])];
  return owners
    .filter(({ dlp }) => {
      const rules = dlp?.custom.filter(({ name, on }) => name === entity && on !== "response") ?? [];
      return dlp?.request[entity] === action || rules.some((rule) => rule.action === action);
    })
    .map(({ name }) => name);
}

/** By the gate's own function, for one group alone. */
function grants(group: Group, model: CatalogueModel): boolean {
  const user = { id: "", email: "", role: "user", status: "active" } as const;
  return combineGrants({ user, groups: [group] }).decide(model) === "granted";
}

function names(groups: readonly Group[]): string {
  return groups.map(({ name }) => name).join(", ");
}
