import { headerValue, type Answer, type HeaderLines } from "../../answer";
import type { ClearedCall } from "../../call";
import type { EffectivePolicy } from "../../dlp/engine";
import { hostError } from "../../http/host-error";
import type { CompletionFacts } from "../record/call-facts";
import type { AnswerWriter } from "../../http/write-answer";
import type { AnswerDeps, Delivery } from "./answer-call";
import { answerStream } from "./answer-stream";
import { answerWhole } from "./answer-whole";

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
    throw hostError({ status: answer.status });
  const delivery: Delivery = {
    call,
    answer,
    headers: publicHeaders(answer),
    policy: responsePolicy(call, deps),
    writer,
    deps,
    complete,
    learnt: { usage: null, dlp: null, withheldBy: null, remembered: false },
  };
  return type === SSE_TYPE && answer.status < 300 ? answerStream(delivery) : answerWhole(delivery, type === JSON_TYPE);
}

const JSON_TYPE = "application/json";
const SSE_TYPE = "text/event-stream";

function mediaType(answer: Answer): string {
  return (headerValue(answer.headers, "content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function responsePolicy(call: ClearedCall, { engine }: AnswerDeps): EffectivePolicy {
  const { organization, groups } = call.principal;
  return engine.policyFor("response", [organization.dlp, ...groups.map((group) => group.dlp), call.model?.dlp ?? null]);
}

/** `x-request-id` is ours on every response; an upstream's own is on record. */
function publicHeaders(answer: Answer): HeaderLines {
  return answer.headers.filter(([name]) => name.toLowerCase() !== "x-request-id");
}
