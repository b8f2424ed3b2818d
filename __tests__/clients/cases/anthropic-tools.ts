import type { MessageParam } from "@anthropic-ai/sdk/resources/messages";
import type { ClientSite } from "../../support/client-site";
import { anthropic, CLAUDE, type AnthropicClass } from "../../support/official-clients";
import { json, streamed } from "../../support/scripted-upstream";
import { messagesToolUse, TOOL, TOOL_INPUT } from "../../support/vendor-answers";

const question: MessageParam = { role: "user", content: "weather?" };
const input_schema = { type: "object" as const, properties: { city: { type: "string" as const } } };
const ask = { model: CLAUDE, max_tokens: 64, messages: [question], tools: [{ name: TOOL, input_schema }] };

/** The model asks for a tool, the client runs it, the model hears of the result. */
export function anthropicTools(Client: AnthropicClass, site: () => ClientSite): void {
  it.each([false, true])("makes a tool round trip (stream: %s)", async (stream) => {
    const client = await anthropic(Client, site());
    site().upstream.next(stream ? streamed(messagesToolUse.events) : json(messagesToolUse.json));
    const asked = stream ? await client.messages.stream(ask).finalMessage() : await client.messages.create(ask);
    expect(asked.stop_reason).toBe("tool_use");
    expect(asked.content).toMatchObject([{ type: "tool_use", name: TOOL, input: TOOL_INPUT }]);
    const result = { type: "tool_result" as const, tool_use_id: "toolu_1", content: "sunny" };
    const messages: MessageParam[] = [
      question,
      { role: "assistant", content: asked.content },
      { role: "user", content: [result] },
    ];
    const told = await client.messages.create({ ...ask, messages });
    expect(told.content).toMatchObject([{ text: "Hello" }]);
    expect(lastMessage(site())).toMatchObject({ content: [result] });
  });

  it.each([false, true])("lets the client's own runner make the trip (stream: %s)", async (stream) => {
    const client = await anthropic(Client, site());
    site().upstream.next(stream ? streamed(messagesToolUse.events) : json(messagesToolUse.json));
    const seen: unknown[] = [];
    const run = (input: unknown): string => {
      seen.push(input);
      return "sunny";
    };
    const tool = {
      type: "custom" as const,
      name: TOOL,
      description: "",
      input_schema,
      parse: (input: unknown) => input,
      run,
    };
    const final = await client.beta.messages.toolRunner({ ...ask, tools: [tool], stream });
    expect(final).toMatchObject({ content: [{ text: "Hello" }] });
    expect(seen).toEqual([TOOL_INPUT]);
    expect(lastMessage(site())).toMatchObject({ content: [{ type: "tool_result", content: "sunny" }] });
    for (const { body } of site().upstream.calls) expect(body.toString()).not.toContain('"thread"');
  });
}

function lastMessage({ upstream }: ClientSite): unknown {
  const body = JSON.parse(upstream.calls.at(-1)?.body.toString() ?? "{}") as { messages?: readonly unknown[] };
  return body.messages?.at(-1);
}
