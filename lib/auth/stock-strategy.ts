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
 * A verify callback for the stock strategies. Calls `done` exactly once, a rejection of `verifyKey` included;
 * what `done` itself throws is not taken for one.
 */
export function verifyOnce(verifyKey: KeyVerifier): (view: HeaderView, token: string, done: Done) => void {
  return function verify(view, token, done) {
    function settle(judgement: KeyJudgement): void {
      view.judgement = judgement;
      done(null, judgement.ok && judgement);
    }
    const judgement = attempt(() => verifyKey(token));
    if ("then" in judgement) void judgement.then(settle, (cause: unknown) => done(errorOf(cause)));
    else settle(judgement);
  };
}

/** A synchronous throw is a rejection like any other. */
function attempt<T>(work: () => T | Promise<T>): T | Promise<T> {
  try {
    return work();
  } catch (cause) {
    return Promise.reject(cause);
  }
}

/** The strategies take a falsy error for none at all. */
function errorOf(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error("the verifier rejected", { cause });
}
