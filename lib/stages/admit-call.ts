import type { AdmittedCall, AuthenticatedCall } from "../call";
import { Denial } from "../denial";
import type { Exchange } from "../exchange";
import { sendContinue } from "../http/expect-continue";
import { readBody } from "../http/read-body";
import { parseStrictJson, type JsonDocument } from "../http/strict-json";
import type { GateOptions } from "../options";
import { admitPrincipal, admitSource } from "./admit";

export interface AdmitDeps {
  readonly bodyBytes: number;
  readonly bodyIdleMs: number;
  /** The host's own rule. */
  readonly admit: GateOptions["admit"];
}

/** Judges what can be judged without the body, in the contract's order, and only then reads it. */
export async function admitCall(call: AuthenticatedCall, exchange: Exchange, deps: AdmitDeps): Promise<AdmittedCall> {
  if ("denial" in call.route) throw call.route.denial;
  const { operation, params } = call.route;
  admitPrincipal(call.principal, call.grant);
  admitSource(call.source, call.grant);
  await admitByHost(call, exchange, deps.admit);
  const body = operation.body === "none" ? null : await readDocument(exchange, deps);
  return Object.freeze({ ...call, operation, params, body });
}

async function admitByHost(call: AuthenticatedCall, exchange: Exchange, admit: AdmitDeps["admit"]): Promise<void> {
  if (admit === undefined) return;
  const release = await Promise.resolve(call).then(admit).catch(refusalOf);
  if (release) exchange.releases.push(release);
}

/** A rule that breaks admits nobody. */
function refusalOf(thrown: unknown): never {
  if (thrown instanceof Denial) throw thrown;
  throw new Denial("internal_error", { reason: "admission", cause: thrown });
}

async function readDocument({ req, res }: Exchange, { bodyBytes, bodyIdleMs }: AdmitDeps): Promise<JsonDocument> {
  const ask = (): void => sendContinue(req, res);
  return parseStrictJson(await readBody(req, { maxBytes: bodyBytes, timeoutMs: bodyIdleMs, ask }));
}
