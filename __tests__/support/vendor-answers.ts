import { messages } from "./dialects";

/** An answer as vendors give it: whole, and as the events of a stream. */
export interface VendorAnswer {
  readonly json: object;
  readonly events: readonly string[];
}

export const TOOL = "get_weather";
export const TOOL_INPUT = { city: "Paris" };
const ARGUMENTS = JSON.stringify(TOOL_INPUT);
/** Where a stream cuts the arguments. */
const PIECES = [ARGUMENTS.slice(0, 7), ARGUMENTS.slice(7)];

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

function chatChunk(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return data({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "gpt-4o-mini", choices });
}

const chatCall = { id: "call_1", type: "function", function: { name: TOOL, arguments: ARGUMENTS } };

/** Chat completions asks for the tool. */
export const chatToolCall: VendorAnswer = {
  json: {
    ...{ id: "chatcmpl-1", object: "chat.completion", created: 1, model: "gpt-4o-mini" },
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: null, tool_calls: [chatCall] },
        finish_reason: "tool_calls",
      },
    ],
  },
  events: [
    chatChunk({
      role: "assistant",
      content: null,
      tool_calls: [{ index: 0, ...chatCall, function: { name: TOOL, arguments: "" } }],
    }),
    ...PIECES.map((piece) => chatChunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
    chatChunk({}, "tool_calls"),
    "data: [DONE]\n\n",
  ],
};

const toolUse = { type: "tool_use", id: "toolu_1", name: TOOL, input: TOOL_INPUT };

/** Messages asks for the tool. */
export const messagesToolUse: VendorAnswer = {
  json: messages.answer("", { content: [toolUse], stop_reason: "tool_use" }),
  events: sequence([
    { type: "message_start", message: messages.answer("", { content: [], stop_reason: null }) },
    { type: "content_block_start", index: 0, content_block: { ...toolUse, input: {} } },
    ...PIECES.map((piece) => ({
      type: "content_block_delta",
      index: 0,
      delta: { type: "input_json_delta", partial_json: piece },
    })),
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: "message_stop" },
  ]),
};

let made = 0;

/** Vendors never give one id twice, and the gate holds an id for its first owner. */
function response(status: string, output: readonly object[], id = `resp_v${++made}`): object {
  return {
    ...{ id, object: "response", created_at: 1, status, model: "gpt-4o-mini", error: null, output },
    ...(status === "completed" && { usage: { input_tokens: 3, output_tokens: 5, total_tokens: 8 } }),
  };
}

const functionCall = {
  ...{ type: "function_call", id: "fc_1", call_id: "call_1", name: TOOL, arguments: ARGUMENTS },
  status: "completed",
};

/** Responses asks for the tool. */
export function responsesToolCall(): VendorAnswer {
  const events = responseEvents(functionCall, { ...functionCall, arguments: "", status: "in_progress" }, [
    ...PIECES.map((delta) => ({ type: "response.function_call_arguments.delta", item_id: "fc_1", delta })),
    { type: "response.function_call_arguments.done", item_id: "fc_1", arguments: ARGUMENTS },
  ]);
  return { json: response("completed", [functionCall]), events };
}

/** Responses says the texts, one delta each. */
export function responsesText(...texts: readonly string[]): VendorAnswer {
  const text = texts.join("");
  const at = { item_id: "msg_1", content_index: 0 };
  const part = { type: "output_text", text, annotations: [] };
  const item = { type: "message", id: "msg_1", role: "assistant", status: "completed", content: [part] };
  const events = responseEvents(item, { ...item, status: "in_progress", content: [] }, [
    { type: "response.content_part.added", ...at, part: { ...part, text: "" } },
    ...texts.map((delta) => ({ type: "response.output_text.delta", ...at, delta })),
    { type: "response.output_text.done", ...at, text },
    { type: "response.content_part.done", ...at, part },
  ]);
  return { json: response("completed", [item]), events };
}

function responseEvents(item: object, started: object, inside: readonly TypedEvent[]): readonly string[] {
  const id = `resp_v${++made}`;
  return sequence(
    [
      { type: "response.created", response: response("in_progress", [], id) },
      { type: "response.output_item.added", output_index: 0, item: started },
      ...inside.map((event) => ({ output_index: 0, ...event })),
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: response("completed", [item], id) },
    ].map((event, number) => ({ ...event, sequence_number: number })),
  );
}

interface TypedEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

function sequence(events: readonly TypedEvent[]): readonly string[] {
  return events.map((event) => `event: ${event.type}\n${data(event)}`);
}
