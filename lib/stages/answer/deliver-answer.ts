import { headerValue, type Answer, type HeaderLines } from "../../answer";
import type { ClearedCall } from "../../call";
import type { EffectivePolicy } from "../../dlp/engine";
import type { Tokens } from "../../dlp/tokens";
import { hostError } from "../../http/host-error";
import type { CompletionFacts } from "../record/call-facts";
import type { AnswerWriter } from "../../http/write-answer";
import type { AnswerDeps, Delivery } from "./answer-call";
import { answerStream } from "./answer-stream";
import { answerWhole } from "./answer-whole";
import { keepAnswer } from "./keep-answer";

/**
 * Judges one answer and lets it out. Throws only while nothing has been sent, a Denial or what the answer's body threw;
 * once the head is out every failure ends the stream in the dialect, with its completion on record.
 */
export async function deliverAnswer(
  call: ClearedCall,
  answer: Answer,
  deps: AnswerDeps,
  writer: AnswerWriter,
  complete: (ending: CompletionFacts) => Promise<void>,
): Promise<void> {
  const type = mediaType(answer);
  if (answer.origin === "host" && answer.status >= 400 && type !== JSON_TYPE)
    throw hostError({ status: answer.status }, retryAfter(answer));
  const policy = responsePolicy(call, deps);
  const delivery: Delivery = {
    call,
    answer,
    headers: publicHeaders(answer),
    policy,
    tokens: tokensOf(call, policy),
    writer,
    deps,
    complete,
    learnt: { usage: null, dlp: null, withheldBy: null, remembered: false },
    kept: deps.keptBytes === null ? null : keepAnswer(call.protocol.response, deps.keptBytes, call.tokens),
  };
  return type === SSE_TYPE && answer.status < 300 ? answerStream(delivery) : answerWhole(delivery, type === JSON_TYPE);
}

const JSON_TYPE = "application/json";
const SSE_TYPE = "text/event-stream";

/** When to come back is the host's to say, in its error page too. */
function retryAfter({ headers }: Answer): Readonly<Record<string, string>> {
  const value = headerValue(headers, "retry-after");
  return value === undefined ? {} : { "Retry-After": value };
}

function mediaType(answer: Answer): string {
  return (headerValue(answer.headers, "content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function responsePolicy(call: ClearedCall, { engine }: AnswerDeps): EffectivePolicy {
  const { organization, groups } = call.principal;
  return engine.policyFor("response", [organization.dlp, ...groups.map((group) => group.dlp), call.model?.dlp ?? null]);
}

/** Nothing was minted, and nothing will be: the answer need not be read. */
function tokensOf({ tokens }: ClearedCall, policy: EffectivePolicy): Tokens | null {
  return tokens !== undefined && (policy.active || tokens.size() > 0) ? tokens.answer : null;
}

/** `x-request-id` is ours on every response; an upstream's own is on record. */
function publicHeaders(answer: Answer): HeaderLines {
  return answer.headers.filter(([name]) => name.toLowerCase() !== "x-request-id");
}
