import { affectedBy, type Affected } from "./auth/affected-by";
import { challenge, DEFAULT_REALM } from "./auth/challenge";
import { lapse } from "./auth/verify-key";
import type { Core } from "./core";
import { Denial, type RefusalReason } from "./denial";
import type { Exchange } from "./exchange";
import type { Principal } from "./policy/domain";
import type { Change } from "./ports/store";

type Parts = Pick<Core, "active" | "snapshots" | "options">;

/**
 * Ends the calls under way whose key has lapsed, or whose user was suspended, by one of these changes. Other changes of
 * permissions are for new calls: what was granted when a call began stands until it ends.
 */
export function endRevokedCalls(core: Parts): (changes: readonly Change[] | null) => void {
  return (changes) => {
    const affected = changes === null ? null : affectedBy(changes);
    for (const exchange of core.active) {
      const principal = principalOf(exchange);
      if (principal !== null && reaches(affected, principal)) void endWhenRevoked(core, exchange, principal);
    }
  };
}

function principalOf({ state }: Exchange): Principal | null {
  return state.at === "arrived" ? null : state.call.principal;
}

function reaches(affected: Affected | null, { keyId, user, organization }: Principal): boolean {
  if (affected === null) return true;
  return affected.keys.has(keyId) || affected.users.has(user.id) || affected.organizations.has(organization.id);
}

async function endWhenRevoked(core: Parts, { abort }: Exchange, principal: Principal): Promise<void> {
  const reason = await revocation(core, principal).catch(() => null);
  const headers = { "WWW-Authenticate": challenge(core.options.realm ?? DEFAULT_REALM, true) };
  if (reason !== null) abort.abort(new Denial("unauthorized", { reason, headers }));
}

/** A store that does not answer ends nothing. */
async function revocation({ snapshots }: Parts, { keyId }: Principal): Promise<RefusalReason | null> {
  const { snapshot } = await snapshots.find(keyId);
  if (snapshot === null) return "unknown_key";
  return lapse(snapshot, snapshots.now()) ?? (snapshot.user.status === "suspended" ? "suspended" : null);
}
