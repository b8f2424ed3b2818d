import { headerValue, type Answer, type HeaderLines } from "../../answer";
import type { DlpReport, Outcome } from "../../audit/record";
import type { ClearedCall } from "../../call";
import { Denial } from "../../denial";
import type { DlpEngine, EffectivePolicy } from "../../dlp/engine";
import type { Tokens } from "../../dlp/tokens";
import type { AnswerWriter } from "../../http/write-answer";
import type { Usage } from "../../ports/protocol";
import type { CompletionFacts } from "../record/call-facts";
import type { ResponseLedger } from "../../ports/response-ledger";
import type { KeptAnswer } from "./keep-answer";

export interface AnswerDeps {
  readonly engine: DlpEngine;
  readonly ledger: ResponseLedger;
  /** The most that is held of one answer, or of one event of a stream. */
  readonly answerBytes: number;
  /** UTF-8 bytes of an answer's text that are kept for the record; null: none is kept. */
  readonly keptBytes: number | null;
  /** Whether Ask Mode withholds an answer that asks for tool calls of these types. */
  withholdsToolCalls(call: ClearedCall, types: readonly string[]): boolean;
}

/** One answer on its way back: what every step of it needs, and what is learnt on the way for the record. */
export interface Delivery {
  readonly call: ClearedCall;
  readonly answer: Answer;
  /** What of the answer's headers may reach the client. */
  readonly headers: HeaderLines;
  readonly policy: EffectivePolicy;
  /** What is put back in the answer; null when it need not be read for that. */
  readonly tokens: Tokens | null;
  readonly writer: AnswerWriter;
  readonly deps: AnswerDeps;
  /** Resolves when the completion is durable. Called once. */
  readonly complete: (ending: CompletionFacts) => Promise<void>;
  readonly learnt: Learnt;
  /** Null where no text is kept. */
  readonly kept: KeptAnswer | null;
}

export interface Learnt {
  usage: Usage | null;
  dlp: DlpReport | null;
  /** What had the answer, or a part of it, withheld. */
  withheldBy: string | null;
  remembered: boolean;
}

/** Later numbers win: a stream tells its input tokens first and its output tokens last. */
export function learnUsage(learnt: Learnt, usage: Usage | null): void {
  if (usage === null) return;
  learnt.usage = {
    inputTokens: usage.inputTokens ?? learnt.usage?.inputTokens ?? null,
    outputTokens: usage.outputTokens ?? learnt.usage?.outputTokens ?? null,
  };
}

/** Writes down whose response id this is, before the client can know it. */
export async function rememberResponse({ call, deps, learnt }: Delivery, responseId: string | null): Promise<void> {
  if (responseId === null || learnt.remembered || call.prompt?.stored !== true || call.upstream === null) return;
  learnt.remembered = true;
  const { organization, user } = call.principal;
  const entry = { responseId, organizationId: organization.id, userId: user.id };
  await deps.ledger
    .remember({ ...entry, upstream: call.upstream, toolFree: call.toolFree })
    .catch((cause: unknown) => Promise.reject(unremembered(cause)));
}

/** An answer whose owner is not written down could be read back by nobody, or by anybody. */
function unremembered(cause: unknown): Denial {
  return new Denial("store_unavailable", { reason: "store_unavailable", detail: "the response ledger", cause });
}

/** The rule on record for a tool call that Ask Mode withholds. */
export const ASK_MODE_RULE = "ask_mode";

export function ending(delivery: Delivery, outcome: Outcome, more: Partial<CompletionFacts> = {}): CompletionFacts {
  const { learnt, writer, answer, kept } = delivery;
  return {
    status: writer.started ? answer.status : null,
    outcome,
    usage: learnt.usage,
    bytesOut: writer.written,
    rule: learnt.withheldBy,
    upstreamRequestId: upstreamRequestId(answer),
    upstreamStatus: answer.origin === "upstream" ? answer.status : null,
    dlpResponse: learnt.dlp,
    ...(kept !== null && { texts: kept.texts() }),
    ...more,
  };
}

export function upstreamRequestId(answer: Answer): string | null {
  if (answer.origin !== "upstream") return null;
  return headerValue(answer.headers, "x-request-id") ?? headerValue(answer.headers, "request-id") ?? null;
}
