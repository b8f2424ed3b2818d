import OpenAI from "openai";
import { PROJECT_CODE } from "../../support/client-policy";
import { counted, type ClientSite } from "../../support/client-site";
import { chat, responses } from "../../support/dialects";
import { MODEL, openai } from "../../support/official-clients";
import { caught, readInto, readThrough, refusedOnce } from "../../support/refused-once";
import { begun, json } from "../../support/scripted-upstream";

const say = (content: string) => [{ role: "user" as const, content }];
const messages = say("hi");

type Call = (client: OpenAI, model?: string, text?: string) => Promise<unknown>;
const CALLS: readonly (readonly [name: string, call: Call])[] = [
  ["chat", (client, model = MODEL, text = "hi") => client.chat.completions.create({ model, messages: say(text) })],
  [
    "a chat stream",
    async (client, model = MODEL, text = "hi") =>
      readThrough(await client.chat.completions.create({ model, messages: say(text), stream: true })),
  ],
  ["responses", (client, model = MODEL, input = "hi") => client.responses.create({ model, input })],
  [
    "a response stream",
    async (client, model = MODEL, input = "hi") =>
      readThrough(await client.responses.create({ model, input, stream: true })),
  ],
];

/** What the gate refuses, the openai client raises as the error of its kind, after one request. */
export function openaiRefusals(site: () => ClientSite): void {
  describe.each(CALLS)("over %s", (_name, call) => {
    it("raises AuthenticationError for a wrong key, after one request", async () => {
      const client = await openai(site(), "alice", { apiKey: "llmg_0000000000wrong" });
      const error = await refusedOnce(site(), () => call(client));
      expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
      expect(error).toMatchObject({ status: 401, requestID: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown });
    });

    it("raises PermissionDeniedError for a forbidden model, after one request", async () => {
      const client = await openai(site());
      const error = await refusedOnce(site(), () => call(client, "gpt-5-pro"));
      expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
      expect(error).toMatchObject({ status: 403, code: "model_access_denied", type: "permission_error" });
      expect((error as Error).message).toContain("gpt-5-pro");
    });

    it("raises BadRequestError for an unknown model, after one request", async () => {
      const client = await openai(site());
      const error = await refusedOnce(site(), () => call(client, "gpt-unheard-of"));
      expect(error).toBeInstanceOf(OpenAI.BadRequestError);
      expect(error).toMatchObject({ status: 400, code: "model_not_found", type: "invalid_request_error" });
    });

    it("takes x-api-key alone, and beside a Bearer token that decides", async () => {
      const key = await site().key("alice");
      const alone = { Authorization: null, "x-api-key": key };
      await call(await openai(site(), "alice", { apiKey: "unused", defaultHeaders: alone }));
      await call(await openai(site(), "alice", { defaultHeaders: { "x-api-key": await site().key("asker") } }));
      const rescued = await openai(site(), "alice", {
        apiKey: "wrong-key-0123456789",
        defaultHeaders: { "x-api-key": key },
      });
      expect(await refusedOnce(site(), () => call(rescued))).toBeInstanceOf(OpenAI.AuthenticationError);
    });
  });

  it("names the field that Ask Mode refuses, after one request", async () => {
    const client = await openai(site(), "asker");
    const tools = [{ type: "web_search" as const }];
    const error = await refusedOnce(site(), () => client.responses.create({ model: MODEL, input: "hi", tools }));
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(error).toMatchObject({ code: "ask_mode_only", type: "permission_error" });
    expect((error as Error).message).toMatch(/tools/);
  });

  it.each(CALLS)("raises BadRequestError when %s holds what may not leave", async (_name, call) => {
    const client = await openai(site(), "careful");
    const error = await refusedOnce(site(), () => call(client, MODEL, `about ${PROJECT_CODE}`));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ code: "dlp_blocked", type: "invalid_request_error" });
    expect((error as Error).message).not.toContain(PROJECT_CODE);
  });

  it("retries an upstream's 429 after the wait that it asks for", async () => {
    const client = await openai(site());
    const limited = { error: { message: "Slow down.", type: "rate_limit_error", code: "rate_limit_exceeded" } };
    site().upstream.next(json(limited, 429, { "retry-after-ms": "5" }));
    const made = await counted(site(), () => client.chat.completions.create({ model: MODEL, messages }));
    expect(made).toEqual({ requests: 2, upstream: 2 });
  });

  it("raises the upstream's own error as it is", async () => {
    const client = await openai(site());
    const own = { error: { message: "Too long.", type: "invalid_request_error", param: "messages", code: "too_long" } };
    site().upstream.next(json(own, 400));
    const error = await caught(client.chat.completions.create({ model: MODEL, messages }));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ code: "too_long", param: "messages", message: "400 Too long." });
  });

  it("raises APIError when a chat stream fails on its way", async () => {
    site().upstream.next(begun(chat.events("Hel").slice(0, 2), (res) => res.destroy()));
    const client = await openai(site());
    const pieces: string[] = [];
    const stream = await client.chat.completions.create({ model: MODEL, messages, stream: true });
    const error = await caught(readInto(stream, ({ choices }) => pieces.push(choices[0]?.delta.content ?? "")));
    expect(pieces).toEqual(["", "Hel"]);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ code: "stream_error", type: "server_error" });
  });

  it("raises APIError when a response stream fails on its way", async () => {
    site().upstream.next(begun(responses.events("Hel").slice(0, 2), (res) => res.destroy()));
    const client = await openai(site());
    const stream = await client.responses.create({ model: MODEL, input: "hi", stream: true });
    const types: string[] = [];
    const error = await caught(readInto(stream, ({ type }) => types.push(type)));
    expect(types).toEqual(["response.created", "response.output_text.delta"]);
    expect(error).toBeInstanceOf(OpenAI.APIError);
  });
}
