import type { KeySnapshot } from "../ports/store";
import type { Principal } from "./domain";

const known = new WeakMap<KeySnapshot, Principal>();

/** The user that a snapshot's key acts for; one frozen object per snapshot. */
export function principalOf(snapshot: KeySnapshot): Principal {
  const before = known.get(snapshot);
  if (before) return before;
  const { key, user, organization, groups, epoch } = snapshot;
  const principal = Object.freeze({ keyId: key.id, keyName: key.name, user, organization, groups, epoch });
  known.set(snapshot, principal);
  return principal;
}
