import { combineGrants } from "../policy/combine-grants";
import type { Group } from "../policy/domain";
import type { UserRecord } from "../ports/store";

/** Whether a key of this user opens anything today, and the sentence that says why not. */
export interface KeyUsability {
  readonly works: boolean;
  readonly why: string | null;
}

const WORKS: KeyUsability = Object.freeze({ works: true, why: null });

/** The gate's own rule for who may use keys at all, put into words. `groups` are all of the organisation's. */
export function keyUsability(user: UserRecord, groups: readonly Group[]): KeyUsability {
  const memberships = groups.filter((group) => user.groups.includes(group.name));
  if (user.status === "suspended") return refusal(`${user.email} is suspended.`);
  if (combineGrants({ user, groups: memberships }).apiKeyAccess) return WORKS;
  if (memberships.length === 0) return refusal(`${user.email} is in no group.`);
  const names = memberships.map((group) => group.name).join(", ");
  return refusal(`None of the groups of ${user.email} (${names}) has Personal API Key Access.`);
}

function refusal(why: string): KeyUsability {
  return Object.freeze({ works: false, why });
}
