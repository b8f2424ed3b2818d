import type { CredentialForm } from "../call";
import { ConfigurationError } from "../denial";
import { readCredentials } from "../http/read-credentials";
import type { Principal } from "../policy/domain";
import { principalOf } from "../policy/principal-of";
import { createApiKeyStrategy } from "./api-key-strategy";
import { createBearerStrategy } from "./bearer-strategy";
import { DEFAULT_REALM, challenge, checkRealm } from "./challenge";
import { runStrategy } from "./run-strategy";
import type { Verdict } from "./verdict";
import type { KeyVerifier } from "./verify-key";

export interface FirstPresentedOptions {
  readonly verifyKey: KeyVerifier;
  /** In the challenge that Passport sends. */
  readonly realm?: string;
}

/** What Passport hangs on the object that it derives from a named strategy for each request. */
export interface PassportActions {
  success(user: Principal, info: object): void;
  fail(challenge: string, status: number): void;
  error(cause: unknown): void;
}

/**
 * Two header forms, one identity, strict precedence: `Authorization` decides alone when it is present, whatever it
 * holds; only without it `x-api-key` is looked at. No form ever rescues the other.
 *
 * It is a Passport strategy as well: `passport.use(firstPresented({ verifyKey }))`, then
 * `passport.authenticate("llm-gate", { session: false })`, by name. It says who is asking and refuses suspended users;
 * whether they may use keys at all is for `admitPrincipal`.
 */
export interface FirstPresented {
  readonly name: "llm-gate";
  /** Judges the header lines as they were received. Rejects with a Denial when the store cannot answer. */
  verifyPresented(rawHeaders: readonly string[]): Promise<Verdict>;
  /** For Passport. */
  authenticate(this: PassportActions, request: { readonly rawHeaders: readonly string[] }): void;
}

const REASON = {
  missing: "missing",
  malformed: "malformed",
  duplicate: "duplicate_credential",
} as const;

export function firstPresented({ verifyKey, realm = DEFAULT_REALM }: FirstPresentedOptions): FirstPresented {
  checkRealm(realm);
  const bearer = createBearerStrategy(verifyKey);
  const apiKey = createApiKeyStrategy(verifyKey);

  function judgementOf(form: CredentialForm, token: string) {
    if (form === "bearer") return runStrategy(bearer, { authorization: `Bearer ${token}` });
    return runStrategy(apiKey, { "x-api-key": token });
  }

  async function verifyPresented(rawHeaders: readonly string[]): Promise<Verdict> {
    const presented = readCredentials(rawHeaders);
    if (presented.kind !== "candidate") return nothingToJudge(REASON[presented.kind]);
    const { form, token, bothHeaders } = presented;
    const judgement = await judgementOf(form, token);
    if (!judgement.ok) return { ...judgement, judged: true, form, bothHeaders };
    return { ...judgement, form, bothHeaders };
  }

  function authenticate(this: PassportActions, request: { readonly rawHeaders: readonly string[] }): void {
    if (typeof this.success !== "function") throw instanceGiven();
    const conclude = (verdict: Verdict) => tellPassport(this, verdict, realm);
    void verifyPresented(request.rawHeaders).then(conclude, (cause: unknown) => this.error(cause));
  }

  return Object.freeze({ name: "llm-gate", verifyPresented, authenticate });
}

function nothingToJudge(reason: (typeof REASON)[keyof typeof REASON]): Verdict {
  return { ok: false, reason, judged: false, keyId: null, form: null, bothHeaders: false };
}

/** What the host's own callback throws in here stays the host's: it does not come back as a second answer. */
function tellPassport(passport: PassportActions, verdict: Verdict, realm: string): void {
  if (!verdict.ok) return passport.fail(challenge(realm, verdict.judged), 401);
  const principal = principalOf(verdict.snapshot);
  if (principal.user.status !== "active") return passport.fail(challenge(realm, false), 403);
  passport.success(principal, { form: verdict.form, bothHeaders: verdict.bothHeaders, stale: verdict.stale });
}

/** Passport would hang one request's answer on an object that all requests share; it is frozen, and we say why. */
function instanceGiven(): ConfigurationError {
  return new ConfigurationError(
    "strategy_instance",
    'passport.authenticate() was given the strategy itself; register it with passport.use() and write passport.authenticate("llm-gate", { session: false }).',
  );
}
