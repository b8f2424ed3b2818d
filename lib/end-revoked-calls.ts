import { setTimeout as sleep } from "node:timers/promises";
import { affectedBy, type Affected } from "./auth/affected-by";
import { challenge, DEFAULT_REALM } from "./auth/challenge";
import { lapse } from "./auth/verify-key";
import type { Core } from "./core";
import { Denial, type RefusalReason } from "./denial";
import type { Exchange } from "./exchange";
import type { Principal } from "./policy/domain";
import type { Change } from "./ports/store";

type Parts = Pick<Core, "active" | "snapshots" | "options">;

/** How long until a store that gave no answer is asked again, and until a call that was arriving is looked at again. */
const AGAIN_MS = 100;

/**
 * Ends the calls under way whose key has lapsed, or whose user was suspended, by one of these changes. Other changes of
 * permissions are for new calls: what was granted when a call began stands until it ends.
 */
export function endRevokedCalls(core: Parts): (changes: readonly Change[] | null) => void {
  return (changes) => {
    const affected = changes === null ? null : affectedBy(changes);
    for (const exchange of core.active) void endWhenRevoked(core, exchange, affected);
  };
}

async function endWhenRevoked(core: Parts, exchange: Exchange, affected: Affected | null): Promise<void> {
  const principal = principalOf(exchange) ?? (await principalOnceKnown(core, exchange));
  if (principal === null || !reaches(affected, principal)) return;
  const reason = await revocation(core, exchange, principal);
  const headers = { "WWW-Authenticate": challenge(core.options.realm ?? DEFAULT_REALM, true) };
  if (reason !== null) exchange.abort.abort(new Denial("unauthorized", { reason, headers }));
}

function principalOf({ state }: Exchange): Principal | null {
  return state.at === "arrived" ? null : state.call.principal;
}

/** A key that is being looked up may be let in by what the store said before the change. */
async function principalOnceKnown({ active }: Parts, exchange: Exchange): Promise<Principal | null> {
  while (active.has(exchange) && principalOf(exchange) === null) await sleep(AGAIN_MS, undefined, { ref: false });
  return principalOf(exchange);
}

function reaches(affected: Affected | null, { keyId, user, organization }: Principal): boolean {
  if (affected === null) return true;
  return affected.keys.has(keyId) || affected.users.has(user.id) || affected.organizations.has(organization.id);
}

/** Why the call ends; null when it goes on. A store that does not answer is asked until it does, or the call is over. */
async function revocation(core: Parts, exchange: Exchange, { keyId }: Principal): Promise<RefusalReason | null> {
  while (core.active.has(exchange)) {
    try {
      return await lapsed(core, keyId);
    } catch {
      await sleep(AGAIN_MS, undefined, { ref: false });
    }
  }
  return null;
}

async function lapsed({ snapshots }: Parts, keyId: string): Promise<RefusalReason | null> {
  const { snapshot } = await snapshots.find(keyId);
  if (snapshot === null) return "unknown_key";
  return lapse(snapshot, snapshots.now()) ?? (snapshot.user.status === "suspended" ? "suspended" : null);
}
