import type { HeaderView, StockStrategy } from "./stock-strategy";
import type { KeyJudgement } from "./verdict";

const NOT_A_KEY: KeyJudgement = Object.freeze({ ok: false, reason: "malformed", keyId: null });

/**
 * Lets a strategy judge one header field. The strategy runs as an object of this request's own, since its `success`
 * and `fail` belong to the request; a strategy shared between requests answers one with the other's user.
 */
export function runStrategy(strategy: StockStrategy, headers: HeaderView["headers"]): Promise<KeyJudgement> {
  return new Promise((resolve, reject) => {
    const view: HeaderView = { headers, judgement: null };
    const undecided = () => reject(new Error("the strategy neither accepted nor refused the credential"));
    const actions = {
      success: (judgement: KeyJudgement) => resolve(judgement),
      fail: () => resolve(view.judgement?.ok === false ? view.judgement : NOT_A_KEY),
      error: (cause: Error) => reject(cause),
      pass: undecided,
      redirect: undecided,
    };
    const own = Object.assign(Object.create(strategy) as StockStrategy, actions);
    own.authenticate(view);
  });
}
