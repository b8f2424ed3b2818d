import type { Request, Response } from "express";
import type { Socket } from "node:net";
import type { Verdict } from "./auth/verdict";
import type { AuthenticatedCall, Call, ClearedCall, EntitledCall } from "./call";
import { ConfigurationError } from "./denial";
import type { TappedResponse } from "./http/tap-response";
import type { AnswerWriter } from "./http/write-answer";

/** How far a call has come. Each stage takes the state before it and leaves the next. */
export type State =
  | { readonly at: "arrived"; readonly call: Call }
  | { readonly at: "authenticated"; readonly call: AuthenticatedCall }
  | { readonly at: "entitled"; readonly call: EntitledCall }
  | { readonly at: "asked"; readonly call: EntitledCall }
  | { readonly at: "inspected"; readonly call: ClearedCall }
  | { readonly at: "recorded"; readonly call: ClearedCall };

/** One request in the gate's hands. It hangs on the request in a WeakMap: no header and no client can make one. */
export interface Exchange {
  readonly req: Request;
  readonly res: Response;
  /** The connection itself; the host sees a view of it. */
  readonly socket: Socket;
  readonly writer: AnswerWriter;
  /** Aborts with ClientGone, or with the Denial that ends the call early (draining). */
  readonly abort: AbortController;
  state: State;
  /** What the credential headers turned out to be; for the record of a refusal. */
  verdict: Verdict | null;
  tap: TappedResponse | null;
  /** True once its refusal or completion was handed to the recorder: there is exactly one. */
  ended: boolean;
  /** The request is with the host, between two of the single middlewares: the host may answer it. */
  withHost: boolean;
  /** What admission wants undone when the call is over. */
  readonly releases: (() => void)[];
}

const exchanges = new WeakMap<object, Exchange>();

export function rememberExchange(exchange: Exchange): Exchange {
  exchanges.set(exchange.req, exchange);
  return exchange;
}

export function exchangeOf(req: object): Exchange | undefined {
  return exchanges.get(req);
}

/** Whether the intent of this request is on record: a handler may act on it. */
export function isRecorded(req: object): boolean {
  return exchanges.get(req)?.state.at === "recorded";
}

/** The exchange and the call of a request whose intent is on record: the only ones a handler may act on. */
export function recordedExchange(req: object): { readonly exchange: Exchange; readonly call: ClearedCall } {
  const exchange = exchanges.get(req);
  if (exchange?.state.at === "recorded") return { exchange, call: exchange.state.call };
  throw new ConfigurationError(
    "gate_has_not_run",
    "This request has not gone through the gate. Mount it before the handler: app.use(llmGate({ store })).",
  );
}
