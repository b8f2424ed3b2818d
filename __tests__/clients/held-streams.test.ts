import Anthropic from "@anthropic-ai/sdk";
import { randomBytes } from "node:crypto";
import { basesOf, type ClientSite } from "../support/client-site";
import { CLIENT_POLICY } from "../support/client-policy";
import { dlp } from "../support/house-policy";
import { chat, DIALECTS, messages } from "../support/dialects";
import { requestOf } from "../support/http-check";
import { open } from "../support/http-client";
import { anthropic, CLAUDE, MODEL, openai } from "../support/official-clients";
import { begun, streamed, type Script } from "../support/scripted-upstream";
import { openSite } from "../support/site";
import { responsesText } from "../support/vendor-answers";

const CODE = "Blue Heron Rising";
/** What a regular expression may match has no longest match: texts would be held to their end. */
const POLICY = {
  ...CLIENT_POLICY,
  dlp: dlp({
    response: { CREDIT_CARD: "redact" },
    custom: [{ name: "CODE", literals: [CODE], action: "block", on: "response" }],
  }),
} as const;
const asked = [{ role: "user" as const, content: "hi" }];
const SENTENCES = Array<string>(100).fill("All is well so far. ");
const BEGINNING = SENTENCES.join("");
const BLOCKED = [...SENTENCES, "Code ", CODE.slice(0, 5), CODE.slice(5), " it is."];
const HELD = ["Card 4111 1111 ", "1111 1111 it is."];
const LONG_ENOUGH_MS = 1_500;

/** The first events, silence for longer than the gate lets a client wait, then the rest. */
function pausing(events: readonly string[], first: number): Script {
  return begun(
    events.slice(0, first),
    (res) => void setTimeout(() => res.end(events.slice(first).join("")), LONG_ENOUGH_MS),
  );
}

describe("official clients and streams that are held", () => {
  let site: ClientSite;
  beforeAll(async () => {
    const gate = await openSite({ policy: POLICY });
    const { upstream, key, close } = gate;
    site = { ...basesOf(gate.port, "/v1"), upstream, key, close, requests: [] };
  });
  afterAll(() => site.close());

  it("the openai client takes a chat stream that is stopped in the middle for filtered, and keeps what it got", async () => {
    const client = await openai(site, "alice");
    site.upstream.next(streamed(chat.events(...BLOCKED)));
    const { choices } = await client.chat.completions.stream({ model: MODEL, messages: asked }).finalChatCompletion();
    expect(choices[0]?.finish_reason).toBe("content_filter");
    const said = choices[0]?.message.content ?? "";
    expect([said.length > 1_000, `${BEGINNING}Code `.startsWith(said)]).toEqual([true, true]);
  });

  it("the openai client takes a response that is stopped in the middle for incomplete", async () => {
    const client = await openai(site, "alice");
    site.upstream.next(streamed(responsesText(...BLOCKED).events));
    const stream = client.responses.stream({ model: MODEL, input: "hi" });
    const deltas: string[] = [];
    stream.on("response.output_text.delta", ({ delta }) => deltas.push(delta));
    const assembled = await stream.finalResponse();
    expect(assembled).toMatchObject({ status: "incomplete", incomplete_details: { reason: "content_filter" } });
    expect([deltas.join("").length > 1_000, `${BEGINNING}Code `.startsWith(deltas.join(""))]).toEqual([true, true]);
    expect(JSON.stringify(assembled)).not.toMatch(/Blue|Heron/);
  });

  it("the Anthropic client takes a message that is stopped in the middle for a refusal", async () => {
    const client = await anthropic(Anthropic, site, "alice");
    site.upstream.next(streamed(messages.events(...BLOCKED)));
    const answer = await client.messages.stream({ model: CLAUDE, max_tokens: 9, messages: asked }).finalMessage();
    expect(answer.stop_reason).toBe("refusal");
    const [block] = answer.content;
    const said = block?.type === "text" ? block.text : "";
    expect([said.length > 1_000, `${BEGINNING}Code `.startsWith(said)]).toEqual([true, true]);
  });

  it("none of them takes notice of what keeps the connection alive while text is held", async () => {
    const client = await openai(site, "alice");
    site.upstream.next(pausing(chat.events(...HELD), 2));
    const completion = await client.chat.completions.stream({ model: MODEL, messages: asked }).finalChatCompletion();
    expect(completion.choices[0]?.message.content).toBe("Card [CREDIT_CARD] it is.");
    const { events } = responsesText(...HELD);
    const before = events.findIndex((event) => event.includes("output_text.delta"));
    site.upstream.next(pausing(events, before + 1));
    const response = await client.responses.stream({ model: MODEL, input: "hi" }).finalResponse();
    expect(response.output_text).toBe("Card [CREDIT_CARD] it is.");
    const claude = await anthropic(Anthropic, site, "alice");
    site.upstream.next(pausing(messages.events(...HELD), 3));
    const answer = await claude.messages.stream({ model: CLAUDE, max_tokens: 9, messages: asked }).finalMessage();
    expect(answer.content).toMatchObject([{ text: "Card [CREDIT_CARD] it is." }]);
  });
});

describe("a reader that stalls while text is held", () => {
  const MEGABYTE = 1_048_576;

  it.each(DIALECTS)("makes the provider wait, and gets all of it when it reads on: $path", async (dialect) => {
    const site = await openSite({ policy: POLICY });
    const words = `${randomBytes(24_000).toString("hex").replace(/.{60}/g, "$& ")} and Card 4111 1111 `;
    const [, , , ...tail] = dialect.events("x");
    const delta = dialect.events(words).find((event) => event.includes(words)) ?? "";
    const [head = ""] = dialect.events("x");
    let written = 0;
    let wanted = 64 * MEGABYTE;
    site.upstream.next((_req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.write(head);
      const more = (): void => {
        while (written < wanted && !res.destroyed) {
          written += delta.length;
          if (!res.write(delta)) return void res.once("drain", more);
        }
        res.end(tail.join(""));
      };
      more();
    });
    const request = await requestOf(site, { dialect, as: "alice", with: { stream: true, store: false } });
    const { answer, leave } = await open(site.port, request);
    answer.pause();
    let quiet = 0;
    while (quiet < 20) {
      const before = written;
      await new Promise((resolve) => setTimeout(resolve, 20));
      quiet = written === before && written > 0 ? quiet + 1 : 0;
    }
    expect(written).toBeLessThan(32 * MEGABYTE);
    wanted = written;
    let received = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) received += chunk.length;
    expect(received).toBeGreaterThan(written * 0.9);
    leave();
    await site.recorded(({ kind }) => kind === "completion");
    await site.close();
  });
});
