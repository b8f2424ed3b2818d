/** One stream through the hold-back that delivers answers, in each dialect, without a network. Builds are looked for in `dist`. */
const { Buffer } = require("node:buffer");
const path = require("node:path");

const build = path.join(__dirname, "..", process.env.LLM_GATE_BUILD ?? "dist");
const load = (file) => require(path.join(build, file));
const { heldSteps } = load("lib/stages/answer/held-steps");
const { eventBytes } = load("lib/http/sse");
const { createDlpEngine } = load("lib/dlp/create-engine");
const { builtInDetectors } = load("adapters/detectors/built-in");
const { compileCustomRule } = load("adapters/detectors/custom-rules");

const data = (value) => `data: ${JSON.stringify(value)}\n\n`;
const named = (value) => `event: ${value.type}\n${data(value)}`;
const chunk = (delta, finish_reason = null) =>
  data({
    id: "c",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason }],
  });
const AT = { item_id: "m", output_index: 0, content_index: 0 };

/** Per protocol: the module, the events of a stream that says these deltas, and the text in one event. */
const DIALECTS = {
  chat: {
    protocol: load("adapters/protocols/openai-chat").openaiChat,
    open: () => [chunk({ role: "assistant", content: "" })],
    delta: (text) => chunk({ content: text }),
    close: () => [chunk({}, "stop"), "data: [DONE]\n\n"],
    textOf: (event) => event.choices?.[0]?.delta.content ?? "",
    copiesOf: () => [],
  },
  responses: {
    protocol: load("adapters/protocols/openai-responses").openaiResponses,
    open: () => [
      named({ type: "response.created", sequence_number: 0, response: { id: "r", object: "response", output: [] } }),
      named({
        type: "response.output_item.added",
        output_index: 0,
        item: { id: "m", type: "message", role: "assistant", content: [] },
      }),
      named({ type: "response.content_part.added", ...AT, part: { type: "output_text", text: "" } }),
    ],
    delta: (text) => named({ type: "response.output_text.delta", ...AT, delta: text }),
    close(text) {
      const part = { type: "output_text", text, annotations: [] };
      const item = { id: "m", type: "message", role: "assistant", content: [part] };
      return [
        named({ type: "response.output_text.done", ...AT, text }),
        named({ type: "response.content_part.done", ...AT, part }),
        named({ type: "response.output_item.done", output_index: 0, item }),
        named({
          type: "response.completed",
          response: { id: "r", object: "response", status: "completed", output: [item] },
        }),
      ];
    },
    textOf: (event) => (event.type === "response.output_text.delta" ? event.delta : ""),
    copiesOf: (event) =>
      [
        event.text,
        event.part?.text,
        event.item?.content?.[0]?.text,
        event.response?.output?.[0]?.content[0].text,
      ].filter((copy) => copy !== undefined && event.type !== "response.content_part.added"),
  },
  messages: {
    protocol: load("adapters/protocols/anthropic-messages").anthropicMessages,
    open: () => [
      named({
        type: "message_start",
        message: { id: "m", type: "message", role: "assistant", model: "m", content: [], usage: {} },
      }),
      named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    ],
    delta: (text) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    close: () => [
      named({ type: "content_block_stop", index: 0 }),
      named({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } }),
      named({ type: "message_stop" }),
    ],
    textOf: (event) => event.delta?.text ?? "",
    copiesOf: () => [],
  },
};

const engine = createDlpEngine({
  // What is measured is what is delivered: a busy machine must not decide on it.
  budgetMs: 600_000,
  detectors: builtInDetectors(),
  compileCustomRule,
  monotonic: () => performance.now(),
});

/**
 * What a client gets of these deltas: the joined text, the copies that closing events repeat, whether the stream ended as
 * withheld, and how many characters were held after each delta.
 */
async function deliver(dialect, deltas, policy, tokens = null) {
  const text = deltas.join("");
  const { protocol, open, delta, close, textOf, copiesOf } = DIALECTS[dialect];
  const state = { received: 0, delivered: 0, text: "", copies: [], held: [], withheld: false };
  async function* body() {
    for (const event of open()) yield Buffer.from(event);
    for (const one of deltas) {
      state.received += one.length;
      yield Buffer.from(delta(one));
      state.held.push(state.received - state.delivered);
    }
    for (const event of close(text)) yield Buffer.from(event);
  }
  const delivery = {
    call: { protocol, signal: new globalThis.AbortController().signal },
    answer: { body: body() },
    deps: { engine, answerBytes: 1 << 24, withholdsToolCalls: () => false },
    ...{ policy, tokens, learnt: { dlp: null, withheldBy: null } },
  };
  for await (const step of heldSteps(delivery, protocol.response.openSse())) {
    if ("withheld" in step) {
      state.withheld = true;
      continue;
    }
    const sent = parsed(eventBytes(step.event));
    state.delivered += step.content.spans.reduce((sum, span) => sum + (span.channel ? span.text.length : 0), 0);
    state.text += textOf(sent);
    state.copies.push(...copiesOf(sent));
  }
  return { ...state, report: delivery.learnt.dlp };
}

function parsed(bytes) {
  const line = /^data: ?(\{.*)$/m.exec(Buffer.from(bytes).toString());
  return line === null ? {} : JSON.parse(line[1]);
}

/** What one inspection of the whole text gives; null when it blocks. */
async function inspectWhole(text, policy, tokens = null) {
  const span = { path: [], role: "assistant", text, rewritable: true };
  const { blockedBy, edits } = await engine.inspect(
    [span],
    [],
    policy,
    new globalThis.AbortController().signal,
    tokens,
  );
  return blockedBy === null ? (edits[0]?.text ?? text) : null;
}

module.exports = { DIALECTS, deliver, engine, inspectWhole };
