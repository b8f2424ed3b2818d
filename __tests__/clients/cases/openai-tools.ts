import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { ClientSite } from "../../support/client-site";
import { MODEL, openai } from "../../support/official-clients";
import { json, streamed } from "../../support/scripted-upstream";
import { chatToolCall, responsesToolCall, TOOL, TOOL_INPUT } from "../../support/vendor-answers";

const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const chatTool = { type: "function" as const, function: { name: TOOL, parameters } };
const responseTool = { type: "function" as const, name: TOOL, parameters, strict: false };
const question: ChatCompletionMessageParam = { role: "user", content: "weather?" };

/** The model asks for a tool, the client runs it, the model hears of the result. */
export function openaiTools(site: () => ClientSite): void {
  it("makes a tool round trip over chat", async () => {
    const client = await openai(site());
    site().upstream.next(json(chatToolCall.json));
    const asked = await client.chat.completions.create({ model: MODEL, messages: [question], tools: [chatTool] });
    const call = asked.choices[0]?.message.tool_calls?.[0];
    expect(call).toMatchObject({ type: "function", function: { name: TOOL, arguments: JSON.stringify(TOOL_INPUT) } });
    const result = { role: "tool" as const, tool_call_id: call?.id ?? "", content: "sunny" };
    const messages = [question, asked.choices[0]?.message ?? question, result];
    const told = await client.chat.completions.create({ model: MODEL, messages, tools: [chatTool] });
    expect(told.choices[0]?.message.content).toBe("Hello");
    expect(lastBody(site()).messages).toMatchObject([{ role: "user" }, { role: "assistant" }, result]);
  });

  it("lets the client's own runner make the trip over a stream", async () => {
    const client = await openai(site());
    const seen: unknown[] = [];
    const run = (input: unknown): string => {
      seen.push(input);
      return "sunny";
    };
    const described = { name: TOOL, description: "", function: run, parameters };
    site().upstream.next(streamed(chatToolCall.events));
    const runner = client.chat.completions.runTools({
      ...{ model: MODEL, messages: [question], stream: true as const },
      tools: [{ type: "function", function: { ...described, parse: (text: string): unknown => JSON.parse(text) } }],
    });
    expect(await runner.finalContent()).toBe("Hello");
    expect(seen).toEqual([TOOL_INPUT]);
    expect(lastBody(site()).messages?.at(-1)).toMatchObject({ role: "tool", content: "sunny" });
  });

  it.each([false, true])("makes a tool round trip over responses (stream: %s)", async (stream) => {
    const client = await openai(site());
    const request = { model: MODEL, input: "weather?", tools: [responseTool] };
    site().upstream.next(stream ? streamed(responsesToolCall().events) : json(responsesToolCall().json));
    const asked = stream
      ? await client.responses.stream(request).finalResponse()
      : await client.responses.create(request);
    const [call] = asked.output;
    expect(call).toMatchObject({ type: "function_call", name: TOOL, arguments: JSON.stringify(TOOL_INPUT) });
    const output = { type: "function_call_output" as const, call_id: "call_1", output: "sunny" };
    const told = await client.responses.create({ ...request, previous_response_id: asked.id, input: [output] });
    expect(told.output_text).toBe("Hello");
    expect(lastBody(site())).toMatchObject({ previous_response_id: asked.id, input: [output] });
  });
}

function lastBody({ upstream }: ClientSite): { readonly messages?: readonly unknown[] } {
  return JSON.parse(upstream.calls.at(-1)?.body.toString() ?? "{}") as { messages?: readonly unknown[] };
}
