import { challenge } from "../auth/challenge";
import type { Verdict } from "../auth/verdict";
import type { AuthenticatedCall, Call } from "../call";
import { Denial } from "../denial";
import type { Grant } from "../policy/combine-grants";
import { principalOf } from "../policy/principal-of";
import type { KeySnapshot } from "../ports/store";

export interface AuthenticateDeps {
  readonly realm: string;
  readonly grantOf: (snapshot: KeySnapshot) => Grant;
}

/**
 * Says who is asking, or refuses. Nothing about why a key failed reaches the client (contract: credentials);
 * the challenge carries RFC 6750's `error` only where a well-formed key was judged.
 */
export function authenticate(call: Call, verdict: Verdict, { realm, grantOf }: AuthenticateDeps): AuthenticatedCall {
  if (!verdict.ok) {
    const headers = { "WWW-Authenticate": challenge(realm, verdict.judged) };
    throw new Denial("unauthorized", { reason: verdict.reason, headers });
  }
  return Object.freeze({
    ...call,
    principal: principalOf(verdict.snapshot),
    grant: grantOf(verdict.snapshot),
    credential: verdict.form,
    bothHeaders: verdict.bothHeaders,
    staleAuth: verdict.stale,
  });
}
