import type { ClientSite } from "../../support/client-site";
import { anthropic, CLAUDE, type AnthropicClass } from "../../support/official-clients";
import { readThrough } from "../../support/refused-once";
import { json } from "../../support/scripted-upstream";
import { messages as dialect } from "../../support/dialects";

const ask = { model: CLAUDE, max_tokens: 64, messages: [{ role: "user" as const, content: "hi" }] };

/** What an Anthropic client is allowed, it gets as the vendor would give it. */
export function anthropicAnswers(Client: AnthropicClass, site: () => ClientSite): void {
  it("gets a message", async () => {
    const client = await anthropic(Client, site());
    const message = await client.messages.create(ask);
    expect(message).toMatchObject({ role: "assistant", stop_reason: "end_turn", content: [{ text: "Hello" }] });
  });

  it("surfaces the provider's request id, and has the gate's beside it", async () => {
    const client = await anthropic(Client, site());
    site().upstream.next(json(dialect.answer("Hello"), 200, { "request-id": "req_provider_1" }));
    const { response, request_id } = await client.messages.create(ask).withResponse();
    expect(request_id).toBe("req_provider_1");
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("streams a message and assembles it", async () => {
    const client = await anthropic(Client, site());
    const events = await readThrough(await client.messages.create({ ...ask, stream: true }));
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(["message_start", "message_stop"]);
    const texts: string[] = [];
    const stream = client.messages.stream(ask).on("text", (text) => texts.push(text));
    expect(await stream.finalMessage()).toMatchObject({ stop_reason: "end_turn", content: [{ text: "Hello" }] });
    expect(texts).toEqual(["Hel", "lo"]);
  });

  it("makes its beta calls", async () => {
    const client = await anthropic(Client, site());
    const betas = ["context-management-2025-06-27"];
    expect(await client.beta.messages.create({ ...ask, betas })).toMatchObject({ content: [{ text: "Hello" }] });
    const { path, headers } = site().upstream.calls.at(-1) ?? {};
    expect(path).toMatch(/^\/v1\/messages(\?beta=true)?$/);
    expect(headers?.["anthropic-beta"]).toBe(betas[0]);
    expect(headers?.["anthropic-version"]).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it("counts tokens", async () => {
    const client = await anthropic(Client, site());
    site().upstream.next(json({ input_tokens: 12 }));
    const counted = await client.messages.countTokens({ model: CLAUDE, messages: ask.messages });
    expect(counted.input_tokens).toBe(12);
    expect(site().upstream.calls.at(-1)?.path).toBe("/v1/messages/count_tokens");
  });

  it("lists the models that the caller may use, and retrieves one", async () => {
    const client = await anthropic(Client, site());
    const models = await readThrough(client.models.list());
    expect(models.map(({ id }) => id).sort()).toEqual(["claude-house-1", "gpt-4o-mini"]);
    const one = await client.models.retrieve(CLAUDE);
    expect(one).toMatchObject({ type: "model", id: CLAUDE, display_name: "Claude House 1" });
    expect(Date.parse(one.created_at)).not.toBeNaN();
  });
}
