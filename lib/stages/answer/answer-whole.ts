import { Denial } from "../../denial";
import type { HeaderLines } from "../../answer";
import { isJsonArray, type JsonValue } from "../../json";
import type { Outcome } from "../../audit/record";
import { inspectJsonAnswer, inspectPlainAnswer } from "../inspect-answer";
import { ASK_MODE_RULE, ending, learnUsage, rememberResponse, type Delivery } from "./answer-call";
import { answerStream } from "./answer-stream";
import { withoutByteHeaders, withoutLength } from "./byte-headers";
import { collectBody } from "./collect-body";
import { isEventStream } from "./event-stream";

/** What may be sent of a whole answer, and how the call ended if it is. */
interface Judged {
  readonly bytes: Uint8Array;
  readonly outcome: Outcome;
}

/** Collects, inspects, records, and only then sends: nothing of it leaves before its completion is durable. */
export async function answerWhole(delivery: Delivery, json: boolean): Promise<void> {
  const { answer, deps, call, writer, complete, kept } = delivery;
  const received = await collectBody(answer.body, deps.answerBytes);
  if (received.length === 0 && mustHaveBody(delivery))
    throw new Denial("upstream_empty_body", { reason: "upstream_empty_body" });
  if (answer.status < 300 && isEventStream(received)) {
    return await answerStream({ ...delivery, answer: { ...answer, body: inOnePiece(received) } });
  }
  const judged = await judge(delivery, received, json);
  call.signal.throwIfAborted();
  if (READ_OUTCOMES.has(judged.outcome)) kept?.whole(judged.bytes, json);
  await complete(
    ending(delivery, judged.outcome, { status: answer.status, bytesOut: judged.bytes.length, held: true }),
  );
  writer.head(answer.status, sized(delivery.headers, received, judged.bytes));
  writer.end(call.method === "HEAD" ? undefined : judged.bytes);
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** An upstream's own error is passed on unread. */
const READ_OUTCOMES: ReadonlySet<Outcome> = new Set(["ok", "withheld"]);

async function judge(delivery: Delivery, received: Uint8Array, json: boolean): Promise<Judged> {
  const { answer } = delivery;
  if (answer.status >= 400)
    return { bytes: received, outcome: answer.origin === "upstream" ? "upstream_error" : "host_error" };
  if (received.length === 0) return { bytes: received, outcome: "ok" };
  const value = json ? parsedOrUndefined(received) : undefined;
  return value === undefined ? judgePlain(delivery, received) : judgeJson(delivery, received, value);
}

async function judgeJson(delivery: Delivery, received: Uint8Array, value: JsonValue): Promise<Judged> {
  const { call, deps, policy, tokens, learnt } = delivery;
  const codec = call.protocol.response;
  const content = codec.readJson(value);
  learnUsage(learnt, content.usage);
  await rememberResponse(delivery, content.responseId);
  const withheld = (rule: string): Judged => {
    learnt.withheldBy = rule;
    return { bytes: Buffer.from(JSON.stringify(codec.withholdJson(value))), outcome: "withheld" };
  };
  if (deps.withholdsToolCalls(call, content.toolCalls)) return withheld(ASK_MODE_RULE);
  if (!policy.active && tokens === null) return { bytes: received, outcome: "ok" };
  const inspected = await inspectJsonAnswer(received, content, policy, deps.engine, call.signal, tokens);
  learnt.dlp = inspected.report;
  return inspected.blockedBy === null ? { bytes: inspected.bytes, outcome: "ok" } : withheld(inspected.blockedBy);
}

/** Text in no dialect: there is no content-filter ending to give, so a block refuses the answer. */
async function judgePlain(delivery: Delivery, received: Uint8Array): Promise<Judged> {
  const { call, deps, policy, tokens, learnt } = delivery;
  if (!policy.active && tokens === null) return { bytes: received, outcome: "ok" };
  const inspected = await inspectPlainAnswer(received, policy, deps.engine, call.signal, tokens);
  learnt.dlp = inspected.report;
  if (inspected.blockedBy === null) return { bytes: inspected.bytes, outcome: "ok" };
  const message = "The answer was blocked by a data loss prevention rule.";
  throw new Denial("dlp_blocked", { reason: "dlp", rule: inspected.blockedBy, message });
}

function mustHaveBody({ answer, call }: Delivery): boolean {
  return answer.origin === "upstream" && answer.status < 300 && call.method !== "HEAD";
}

function parsedOrUndefined(bytes: Uint8Array): JsonValue | undefined {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString("utf8")) as JsonValue;
    return isJsonArray(value) || typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A changed answer has another length, and what described the old bytes does not hold for it. */
function sized(headers: HeaderLines, received: Uint8Array, sent: Uint8Array): HeaderLines {
  const kept = received === sent ? withoutLength(headers) : withoutByteHeaders(headers);
  return [...kept, ["content-length", String(sent.length)]];
}
