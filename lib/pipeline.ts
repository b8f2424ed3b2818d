import type { AdmittedCall, AuthenticatedCall, Call, ClearedCall, EntitledCall } from "./call";
import type { Exchange } from "./exchange";

/** The stages, each bound to what it needs. A stage's parameter says what must have happened before it. */
export interface Stages {
  authenticate(call: Call, exchange: Exchange): Promise<AuthenticatedCall>;
  /** The endpoint exists, the caller may use keys, the host lets it in; then the body is read. */
  admit(call: AuthenticatedCall, exchange: Exchange): Promise<AdmittedCall>;
  entitle(call: AdmittedCall): Promise<EntitledCall>;
  askMode(call: EntitledCall): Promise<EntitledCall>;
  inspect(call: EntitledCall): Promise<ClearedCall>;
  /** Resolves when the intent is durable. */
  record(call: ClearedCall): Promise<void>;
}

/** The happy path. Whatever throws, the call does not get to the end of it. */
export async function clear(exchange: Exchange, arrived: Call, stages: Stages): Promise<ClearedCall> {
  exchange.state = { at: "authenticated", call: await stages.authenticate(arrived, exchange) };
  const admitted = await stages.admit(exchange.state.call, exchange);
  exchange.state = { at: "entitled", call: await stages.entitle(admitted) };
  exchange.state = { at: "asked", call: await stages.askMode(exchange.state.call) };
  exchange.state = { at: "inspected", call: await stages.inspect(exchange.state.call) };
  return exchange.state.call;
}
