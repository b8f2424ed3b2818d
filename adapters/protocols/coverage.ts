import { sseEvent } from "../../lib/http/sse";
import type { JsonValue } from "../../lib/json";
import type { AnswerSpan, OpaquePart, Operation, Protocol } from "../../lib/ports/protocol";
import { anthropicMessages } from "./anthropic-messages";
import { CHAT_SAMPLES } from "./coverage/chat-samples";
import { MESSAGES_SAMPLES } from "./coverage/messages-samples";
import { RESPONSES_SAMPLES } from "./coverage/responses-samples";
import type { Sample, Samples } from "./coverage/sample";
import { openaiChat } from "./openai-chat";
import { openaiResponses } from "./openai-responses";

/** What becomes of text in one place. */
export interface CoverageRow {
  readonly protocol: string;
  /** As on record: `chat.create`. */
  readonly operation: string;
  readonly direction: "request" | "response";
  /** Whether the place is in an event of a stream. */
  readonly stream: boolean;
  readonly place: string;
  /**
   * `rewritten`; `scanned`: findings block or are reported, and are never rewritten; `opaque`: cannot be read, the policy's
   * `uninspectable` decides; `left alone`: an id, a signature, a number of the protocol's own.
   */
  readonly treatment: "rewritten" | "scanned" | "opaque" | "left alone";
  /** Of a stream: `held` as far as it may become a finding, `until complete`, or `copy` of what deltas said. */
  readonly delivery: "held" | "until complete" | "copy" | null;
}

/** The places of every protocol. */
export const SAMPLES: readonly (readonly [Protocol, Samples])[] = [
  [openaiChat, CHAT_SAMPLES],
  [openaiResponses, RESPONSES_SAMPLES],
  [anthropicMessages, MESSAGES_SAMPLES],
];

/** No plain word: as the name of a member it would be one. */
const MARK = "canary@example.com";

/** Puts a word in every place of every dialect and asks the protocols what they read there: nothing here is written by hand. */
export function coverage(): readonly CoverageRow[] {
  return SAMPLES.flatMap(([protocol, samples]) => {
    const operation = protocol.operations.find(({ body }) => body === "prompt");
    return operation === undefined ? [] : rowsOf(protocol, operation, samples);
  });
}

function rowsOf(protocol: Protocol, operation: Operation, samples: Samples): readonly CoverageRow[] {
  const row = { protocol: protocol.name, operation: operation.id };
  const { response } = protocol;
  return [
    ...samples.request.map(({ place, document }) => {
      const value = document(MARK) as JsonValue & object;
      const bytes = Buffer.from(JSON.stringify(value));
      const { spans, opaque } = protocol.parse({ bytes, value: value as never }, operation);
      return { ...row, ...read(spans, opaque), direction: "request", stream: false, place, delivery: null } as const;
    }),
    ...samples.answer.map(({ place, document }) => {
      const { spans } = response.readJson(document(MARK));
      return { ...row, ...read(spans, []), direction: "response", stream: false, place, delivery: null } as const;
    }),
    ...samples.event.map((event) => ({ ...row, ...readEvent(protocol, event) })),
  ];
}

function readEvent({ response }: Protocol, { place, document }: Sample): Omit<CoverageRow, "protocol" | "operation"> {
  const data = document(MARK);
  const { spans } = response.openSse().read(sseEvent(null, JSON.stringify(data)), data);
  const span = spans.find(isMarked);
  const delivery = span === undefined ? null : deliveryOf(span);
  return { ...read(spans, []), direction: "response", stream: true, place, delivery };
}

function deliveryOf({ channel, json }: AnswerSpan): CoverageRow["delivery"] {
  if (channel === undefined) return "copy";
  return json === true ? "until complete" : "held";
}

function read(spans: readonly AnswerSpan[], opaque: readonly OpaquePart[]): Pick<CoverageRow, "treatment"> {
  const span = spans.find(isMarked);
  if (span !== undefined) return { treatment: span.rewritable ? "rewritten" : "scanned" };
  return { treatment: opaque.length > 0 ? "opaque" : "left alone" };
}

function isMarked({ text }: AnswerSpan): boolean {
  return text.includes(MARK);
}
