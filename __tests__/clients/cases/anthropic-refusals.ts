import { PROJECT_CODE } from "../../support/client-policy";
import { counted, type ClientSite } from "../../support/client-site";
import { messages as dialect } from "../../support/dialects";
import { anthropic, CLAUDE, type AnthropicClass } from "../../support/official-clients";
import { caught, readInto, readThrough, refusedOnce } from "../../support/refused-once";
import { begun, json } from "../../support/scripted-upstream";

type Call = (client: InstanceType<AnthropicClass>, model?: string, text?: string) => Promise<unknown>;

const say = (model: string, content: string) => ({ model, messages: [{ role: "user" as const, content }] });
const CALLS: readonly (readonly [name: string, call: Call])[] = [
  [
    "messages",
    (client, model = CLAUDE, text = "hi") => client.messages.create({ ...say(model, text), max_tokens: 64 }),
  ],
  [
    "a stream",
    async (client, model = CLAUDE, text = "hi") =>
      readThrough(await client.messages.create({ ...say(model, text), max_tokens: 64, stream: true })),
  ],
  ["count_tokens", (client, model = CLAUDE, text = "hi") => client.messages.countTokens(say(model, text))],
];

/** What the gate refuses, the Anthropic client raises as the error of its kind, after one request. */
export function anthropicRefusals(Client: AnthropicClass, site: () => ClientSite): void {
  describe.each(CALLS)("over %s", (_name, call) => {
    it.each(["apiKey", "authToken"])("raises AuthenticationError for a wrong %s", async (option) => {
      const client = await anthropic(Client, site(), "alice", { apiKey: null, [option]: "llmg_0000000000wrong" });
      const error = await refusedOnce(site(), () => call(client));
      expect(error).toBeInstanceOf(Client.AuthenticationError);
      expect(error).toMatchObject({ status: 401, error: { error: { type: "authentication_error" } } });
    });

    it("raises PermissionDeniedError for a forbidden model", async () => {
      const client = await anthropic(Client, site());
      const error = await refusedOnce(site(), () => call(client, "claude-house-2"));
      expect(error).toBeInstanceOf(Client.PermissionDeniedError);
      expect(error).toMatchObject({ status: 403, error: { error: { type: "permission_error" } } });
      expect((error as Error).message).toContain("claude-house-2");
    });

    it("raises BadRequestError for an unknown model", async () => {
      const client = await anthropic(Client, site());
      const error = await refusedOnce(site(), () => call(client, "claude-unheard-of"));
      expect(error).toBeInstanceOf(Client.BadRequestError);
      expect(error).toMatchObject({ status: 400, error: { error: { type: "invalid_request_error" } } });
    });

    it("raises BadRequestError for what may not leave, and does not repeat it", async () => {
      const client = await anthropic(Client, site(), "careful");
      const error = await refusedOnce(site(), () => call(client, CLAUDE, `about ${PROJECT_CODE}`));
      expect(error).toBeInstanceOf(Client.BadRequestError);
      expect((error as Error).message).not.toContain(PROJECT_CODE);
    });

    it("takes the key as apiKey, as authToken, and as x-api-key", async () => {
      const key = await site().key("alice");
      await call(await anthropic(Client, site(), "alice", { apiKey: key, authToken: null }));
      await call(await anthropic(Client, site(), "alice", { apiKey: null, authToken: key }));
      const header = { Authorization: null, "x-api-key": key };
      await call(await anthropic(Client, site(), "alice", { apiKey: "unused", defaultHeaders: header }));
    });

    it("takes both headers at once, and the Bearer token decides", async () => {
      const key = await site().key("alice");
      const beside = { "x-api-key": key };
      await call(await anthropic(Client, site(), "alice", { apiKey: null, authToken: key, defaultHeaders: beside }));
      const wrong = { apiKey: null, authToken: "wrong-key-0123456789", defaultHeaders: beside };
      const rescued = await anthropic(Client, site(), "alice", wrong);
      expect(await refusedOnce(site(), () => call(rescued))).toBeInstanceOf(Client.AuthenticationError);
    });
  });

  it("retries an upstream's 429 after the wait that it asks for", async () => {
    const client = await anthropic(Client, site());
    const limited = { type: "error", error: { type: "rate_limit_error", message: "Slow down." } };
    site().upstream.next(json(limited, 429, { "retry-after-ms": "5" }));
    const made = await counted(site(), () => client.messages.create({ ...say(CLAUDE, "hi"), max_tokens: 64 }));
    expect(made).toEqual({ requests: 2, upstream: 2 });
  });

  it("raises APIError when a stream fails on its way", async () => {
    site().upstream.next(begun(dialect.events("Hel").slice(0, 3), (res) => res.destroy()));
    const client = await anthropic(Client, site());
    const stream = await client.messages.create({ ...say(CLAUDE, "hi"), max_tokens: 64, stream: true });
    const types: string[] = [];
    const error = await caught(readInto(stream, ({ type }) => types.push(type)));
    expect(types).toEqual(["message_start", "content_block_start", "content_block_delta"]);
    expect(error).toBeInstanceOf(Client.APIError);
    expect(error).toMatchObject({ error: { type: "error", error: { type: "api_error" } } });
  });

  it("raises it from the stream helper as well", async () => {
    site().upstream.next(begun(dialect.events("Hel").slice(0, 3), (res) => res.destroy()));
    const client = await anthropic(Client, site());
    const stream = client.messages.stream({ ...say(CLAUDE, "hi"), max_tokens: 64 });
    expect(await caught(stream.finalMessage())).toBeInstanceOf(Client.APIError);
  });
}
