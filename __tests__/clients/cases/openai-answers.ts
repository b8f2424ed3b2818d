import type { ClientSite } from "../../support/client-site";
import { MODEL, openai } from "../../support/official-clients";
import { json, streamed } from "../../support/scripted-upstream";
import { responsesText } from "../../support/vendor-answers";

const messages = [{ role: "user" as const, content: "hi" }];

/** What the openai client is allowed, it gets as the vendor would give it. */
export function openaiAnswers(site: () => ClientSite): void {
  it("completes a chat", async () => {
    const client = await openai(site());
    const answer = await client.chat.completions.create({ model: MODEL, messages });
    expect(answer.choices[0]?.message.content).toBe("Hello");
    expect(answer._request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("streams a chat and assembles it", async () => {
    const client = await openai(site());
    const pieces: string[] = [];
    for await (const chunk of await client.chat.completions.create({ model: MODEL, messages, stream: true }))
      pieces.push(chunk.choices[0]?.delta.content ?? "");
    expect(pieces.filter((piece) => piece !== "")).toEqual(["Hel", "lo"]);
    const assembled = await client.chat.completions.stream({ model: MODEL, messages }).finalChatCompletion();
    expect(assembled.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "Hello" } });
  });

  it("answers a response, streamed and not", async () => {
    const client = await openai(site());
    const whole = await client.responses.create({ model: MODEL, input: "hi" });
    expect(whole.output_text).toBe("Hello");
    site().upstream.next(streamed(responsesText("Hel", "lo").events));
    const types: string[] = [];
    for await (const event of await client.responses.create({ model: MODEL, input: "hi", stream: true }))
      types.push(event.type);
    expect([types[0], types.at(-1)]).toEqual(["response.created", "response.completed"]);
    site().upstream.next(streamed(responsesText("Hel", "lo").events));
    const assembled = await client.responses.stream({ model: MODEL, input: "hi" }).finalResponse();
    expect(assembled).toMatchObject({ status: "completed", output_text: "Hello" });
  });

  it("reads back, lists the input of, cancels and deletes a response of its own", async () => {
    const client = await openai(site());
    const { id } = await client.responses.create({ model: MODEL, input: "hi" });
    site().upstream.next(json({ id, object: "response", status: "completed", output: [] }));
    expect(await client.responses.retrieve(id)).toMatchObject({ id, status: "completed" });
    site().upstream.next(json({ object: "list", data: [{ id: "msg_7", type: "message" }], has_more: false }));
    expect((await client.responses.inputItems.list(id)).data).toMatchObject([{ id: "msg_7" }]);
    site().upstream.next(json({ id, object: "response", status: "cancelled", output: [] }));
    expect(await client.responses.cancel(id)).toMatchObject({ status: "cancelled" });
    site().upstream.next(json({ id, object: "response", deleted: true }));
    await client.responses.delete(id);
    expect(
      site()
        .upstream.calls.slice(-4)
        .map(({ method, path }) => `${method} ${path.replace(id, "ID")}`),
    ).toEqual([
      "GET /v1/responses/ID",
      "GET /v1/responses/ID/input_items",
      "POST /v1/responses/ID/cancel",
      "DELETE /v1/responses/ID",
    ]);
  });

  it("streams a stored response again", async () => {
    const client = await openai(site());
    const { id } = await client.responses.create({ model: MODEL, input: "hi" });
    site().upstream.next(streamed(responsesText("again").events));
    const types: string[] = [];
    for await (const event of await client.responses.retrieve(id, { stream: true })) types.push(event.type);
    expect(types.at(-1)).toBe("response.completed");
    expect(site().upstream.calls.at(-1)?.path).toBe(`/v1/responses/${id}?stream=true`);
  });

  it("counts the tokens of an input and compacts one", async () => {
    const client = await openai(site());
    site().upstream.next(json({ object: "response.input_tokens", input_tokens: 12 }));
    expect((await client.responses.inputTokens.count({ model: MODEL, input: "hi" })).input_tokens).toBe(12);
    site().upstream.next(json({ id: "resp_c", object: "response.compaction", output: [], usage: {} }));
    expect(await client.responses.compact({ model: MODEL, input: "hi" })).toMatchObject({ id: "resp_c" });
  });

  it("lists the models that the caller may use, and retrieves one", async () => {
    const client = await openai(site());
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids.sort()).toEqual(["claude-house-1", "gpt-4o-mini"]);
    expect(await client.models.retrieve(MODEL)).toMatchObject({ id: MODEL, object: "model", owned_by: "openai" });
  });
}
