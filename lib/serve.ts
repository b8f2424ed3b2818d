import type { NextFunction, Request } from "express";
import type { Answer } from "./answer";
import type { ClearedCall } from "./call";
import { forwardedBody } from "./cleared-call";
import type { Core } from "./core";
import type { Exchange } from "./exchange";
import { hideFromHost } from "./http/forwardable-headers";
import { hostError } from "./http/host-error";
import { shareSocket } from "./http/host-socket";
import { tapResponse } from "./http/tap-response";
import { closeExchange } from "./open-exchange";
import { clear, type Stages } from "./pipeline";
import { refuse } from "./refuse";
import type { AnswerDeps } from "./stages/answer/answer-call";
import { deliverAnswer } from "./stages/answer/deliver-answer";
import type { CompletionFacts } from "./stages/record/call-facts";
import { listModels, listsModels } from "./stages/list-models";

/** A gate's parts, bound together once. */
export interface Works {
  readonly core: Core;
  readonly stages: Stages;
  readonly answers: AnswerDeps;
}

/** One call from its arrival to its end. It never rejects: whatever happens becomes an answer and a record. */
export async function serve(works: Works, exchange: Exchange, next: NextFunction): Promise<void> {
  await concluded(works.core, exchange, async () => {
    const cleared = await clear(exchange, exchange.state.call, works.stages);
    if (listsModels(cleared)) await answerModels(works, exchange, cleared);
    else await answerBehind(works, exchange, cleared, next);
  });
}

/** Runs the last part of a call; what it throws becomes the refusal. */
export async function concluded(core: Core, exchange: Exchange, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    await refuse(core, exchange, thrown);
  } finally {
    closeExchange(core, exchange);
  }
}

/** The gate's own answer, from the catalogue: one record, nobody behind it is asked. */
export async function answerModels({ core, answers }: Works, exchange: Exchange, call: ClearedCall): Promise<void> {
  const answer = listModels(call, await core.snapshots.catalogue(call.principal.organization.id));
  await deliverAnswer(call, answer, answers, exchange.writer, (how) => {
    exchange.ended = true;
    return core.recorder.single(call, how);
  });
}

/** Past the gate: the intent is durable, and only now does anybody else see the request. */
export async function answerBehind(
  works: Works,
  exchange: Exchange,
  call: ClearedCall,
  next: NextFunction,
): Promise<void> {
  const { core, stages, answers } = works;
  await stages.record(call);
  exchange.state = { at: "recorded", call };
  call.signal.throwIfAborted();
  const answer = await answerOf(exchange, call, next);
  await deliverAnswer(call, answer, answers, exchange.writer, (how: CompletionFacts) => {
    exchange.ended = true;
    return core.recorder.completion(call, how);
  });
}

/** Hands the request on and waits for what comes back, by `res` or by the direct way, or for the call's early end. */
function answerOf(exchange: Exchange, call: ClearedCall, next: NextFunction): Promise<Answer> {
  const tap = tapResponse(exchange.res);
  exchange.tap = tap;
  call.signal.addEventListener("abort", () => tap.fail(call.signal.reason), { once: true });
  presentToHost(exchange.req, call);
  shareSocket(exchange.req, (error) => tap.fail(hostError(error)));
  next();
  return tap.answer;
}

/** What the host's handler sees: the judged body, the principal, and no credential. */
function presentToHost(req: Request, call: ClearedCall): void {
  hideFromHost(req);
  Object.assign(req, { body: forwardedBody(call.bytes) ?? {}, _body: true, user: call.principal });
}
