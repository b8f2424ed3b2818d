import type { AdmittedCall, AuthenticatedCall, Call, EntitledCall } from "../../lib/call";
import { Denial } from "../../lib/denial";
import { publicError } from "../../lib/http/public-error";
import { parseStrictJson } from "../../lib/http/strict-json";
import { bodyTooLarge } from "../../lib/http/body-too-large";
import { admitPrincipal, admitSource } from "../../lib/stages/admit";
import { askMode, isAskModeBound, isToolFree } from "../../lib/stages/ask-mode";
import { authenticate } from "../../lib/stages/authenticate";
import { entitle } from "../../lib/stages/entitle";
import { inspect } from "../../lib/stages/inspect";
import { showableName } from "../../lib/stages/showable-name";
import type { ExplainDeps } from "./explain-deps";
import { rulesInForce, type RuleInForce } from "./rules-in-force";
import { limitBehind, whyAdmitted, whyAskMode, whyBody, whyEntitled, whyInspected, whyKnown } from "./reasons";

/** What one stage made of the call. `not reached`: an earlier one had refused. */
export interface StageVerdict {
  readonly stage: (typeof STAGES)[number];
  readonly verdict: "pass" | "refuse" | "not reached";
  /** Which rule decided, in words. */
  readonly why: string | null;
}

export interface Explanation {
  readonly decision: "allow" | "deny";
  /** What the client would get; null when the call would go upstream. */
  readonly error: { readonly status: number; readonly code: string; readonly message: string } | null;
  /** As the audit record would say it. */
  readonly reason: string | null;
  readonly detail: string | null;
  readonly stages: readonly StageVerdict[];
  /** What data loss prevention looks for in such a call; null where it was refused before that could be known. */
  readonly rules: readonly RuleInForce[] | null;
}

const STAGES = ["key", "access", "body", "model", "ask mode", "data loss"] as const;

/** Runs the gate's own stages over one body as if the key had sent it. Nothing is forwarded and nothing is recorded. */
export async function explainCall(call: Call, body: Uint8Array, deps: ExplainDeps): Promise<Explanation> {
  const passed: string[] = [];
  let rules: readonly RuleInForce[] | null = null;
  try {
    const entitled = await enter(call, body, deps, (why) => passed.push(why));
    rules = rulesInForce(entitled);
    await clear(entitled, deps, (why) => passed.push(why));
    return { decision: "allow", error: null, reason: null, detail: null, stages: verdicts(passed, null), rules };
  } catch (error) {
    if (!(error instanceof Denial)) throw error;
    const { status, code, message } = publicError(error);
    const { reason, field, detail = null } = error;
    const where = limitBehind(error, deps.keyLimits) ?? detail ?? field ?? null;
    const why = where === null ? `${code}: ${reason}` : `${code}: ${reason} (${where})`;
    return { decision: "deny", error: { status, code, message }, reason, detail, stages: verdicts(passed, why), rules };
  }
}

type Pass = (why: string) => unknown;

async function enter(call: Call, body: Uint8Array, deps: ExplainDeps, pass: Pass): Promise<EntitledCall> {
  const known = authenticate(call, deps.verdict, deps);
  pass(whyKnown(known));
  admitPrincipal(known.principal, known.grant);
  if (call.source !== null) admitSource(call.source, known.grant);
  pass(whyAdmitted(known, deps.keyLimits));
  const admitted = admit(known, body, deps);
  pass(whyBody(admitted));
  const entitled = await entitle(admitted, {
    ...deps,
    isToolFree,
    isAskModeBound: (asked) => bound(asked, deps),
    showable: (asked, name) => showableName(asked, name, deps.engine),
  });
  pass(whyEntitled(entitled, deps.keyLimits));
  return entitled;
}

async function clear(entitled: EntitledCall, deps: ExplainDeps, pass: Pass): Promise<void> {
  const asked = await askMode(entitled, { ledger: deps.ledger, options: deps.askModeOptions });
  pass(whyAskMode(asked, bound(asked, deps)));
  pass(whyInspected(asked, await inspect(asked, deps)));
}

function admit(call: AuthenticatedCall, body: Uint8Array, { operation, bodyBytes }: ExplainDeps): AdmittedCall {
  if (body.length > bodyBytes) throw bodyTooLarge(bodyBytes);
  return { ...call, operation, params: {}, body: parseStrictJson(body) };
}

function bound(call: AdmittedCall | EntitledCall, { askModeOptions }: ExplainDeps): boolean {
  return isAskModeBound(call, askModeOptions);
}

function verdicts(passed: readonly string[], refusal: string | null): readonly StageVerdict[] {
  return STAGES.map((stage, index) => {
    const why = passed[index];
    if (why !== undefined) return { stage, verdict: "pass", why };
    return index === passed.length && refusal !== null
      ? { stage, verdict: "refuse", why: refusal }
      : { stage, verdict: "not reached", why: null };
  });
}
