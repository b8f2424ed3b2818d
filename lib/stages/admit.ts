import { Denial, type RefusalReason } from "../denial";
import type { Grant } from "../policy/combine-grants";
import type { Principal } from "../policy/domain";

/** Lets a principal pass who may use keys at all; throws the Denial `api_key_access_disabled` otherwise. */
export function admitPrincipal(principal: Pick<Principal, "user" | "groups">, grant: Grant): void {
  const reason = exclusion(principal, grant);
  if (reason !== null) throw new Denial("api_key_access_disabled", { reason });
}

/** Lets a key pass that may be used from this address. */
export function admitSource(source: string | null, grant: Grant): void {
  if (grant.admitsFrom(source)) return;
  const message = "This API key may not be used from this address.";
  throw new Denial("api_key_access_disabled", { reason: "admission", detail: "address", message });
}

/** Suspension wins over everything; administrators need no group. */
function exclusion({ user, groups }: Pick<Principal, "user" | "groups">, grant: Grant): RefusalReason | null {
  if (user.status !== "active") return "suspended";
  if (user.role !== "administrator" && groups.length === 0) return "no_groups";
  return grant.apiKeyAccess ? null : "key_access_disabled";
}
