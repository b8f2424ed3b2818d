import type { KeyVerifier } from "./verify-key";
import type { KeyJudgement } from "./verdict";

/** All that a strategy gets to see of a request: one judged header, and no body or query to read a token from. */
export interface HeaderView {
  readonly headers: Readonly<Record<string, string>>;
  /** Where the verifier leaves what it found: a strategy's `fail` does not say why. */
  judgement: KeyJudgement | null;
}

/** What is used of a Passport strategy. */
export interface StockStrategy {
  authenticate(view: HeaderView): void;
}

type Done = (error: unknown, user?: unknown) => void;

/**
 * A verify callback for the stock strategies. Calls `done` exactly once, when `verifyKey` throws or rejects as well;
 * what `done` itself throws is not taken for one of these.
 */
export function verifyOnce(verifyKey: KeyVerifier): (view: HeaderView, token: string, done: Done) => void {
  return function verify(view, token, done) {
    const settle = (judgement: KeyJudgement) => {
      view.judgement = judgement;
      done(null, judgement.ok && judgement);
    };
    const judgement = attempt(() => verifyKey(token));
    if (judgement instanceof Error) done(judgement);
    else if ("then" in judgement) void judgement.then(settle, (cause: unknown) => done(errorOf(cause)));
    else settle(judgement);
  };
}

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (cause) {
    return errorOf(cause);
  }
}

/** The strategies take a falsy error for none at all. */
function errorOf(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error("the key could not be verified", { cause });
}
