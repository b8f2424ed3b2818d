import { CARD, PROJECT_CODE } from "../../support/client-policy";
import type { ClientSite } from "../../support/client-site";
import { chat } from "../../support/dialects";
import { MODEL, openai } from "../../support/official-clients";
import { json, streamed } from "../../support/scripted-upstream";
import { responsesText } from "../../support/vendor-answers";

const messages = [{ role: "user" as const, content: "hi" }];
const CUT = CARD.length - 7;
const CARD_PIECES = ["Card ", CARD.slice(0, CUT), `${CARD.slice(CUT)} it is.`];
const CODE_PIECES = ["Code ", PROJECT_CODE.slice(0, 5), PROJECT_CODE.slice(5)];

/** What policy changes in an answer or withholds of it, the openai client takes for an ordinary answer. */
export function openaiWithheld(site: () => ClientSite): void {
  it("gets a chat answer with what may not pass redacted, streamed and not", async () => {
    const client = await openai(site(), "careful");
    site().upstream.next(json(chat.answer(CARD_PIECES.join(""))));
    const whole = await client.chat.completions.create({ model: MODEL, messages });
    site().upstream.next(streamed(chat.events(...CARD_PIECES)));
    const assembled = await client.chat.completions.stream({ model: MODEL, messages }).finalChatCompletion();
    for (const { choices } of [whole, assembled])
      expect(choices[0]).toMatchObject({
        finish_reason: "stop",
        message: { content: "Card [CREDIT_CARD] it is." },
      });
  });

  it("gets a response with what may not pass redacted, streamed and not", async () => {
    const client = await openai(site(), "careful");
    site().upstream.next(json(responsesText(...CARD_PIECES).json));
    const whole = await client.responses.create({ model: MODEL, input: "hi" });
    site().upstream.next(streamed(responsesText(...CARD_PIECES).events));
    const stream = client.responses.stream({ model: MODEL, input: "hi" });
    const deltas: string[] = [];
    stream.on("response.output_text.delta", ({ delta }) => deltas.push(delta));
    const assembled = await stream.finalResponse();
    expect(deltas.join("")).toBe("Card [CREDIT_CARD] it is.");
    for (const answer of [whole, assembled])
      expect(answer).toMatchObject({ status: "completed", output_text: "Card [CREDIT_CARD] it is." });
  });

  it("reads a chat answer that was withheld as content_filter", async () => {
    const client = await openai(site(), "careful");
    site().upstream.next(json(chat.answer(CODE_PIECES.join(""))));
    const whole = await client.chat.completions.create({ model: MODEL, messages });
    site().upstream.next(streamed(chat.events(...CODE_PIECES)));
    const assembled = await client.chat.completions.stream({ model: MODEL, messages }).finalChatCompletion();
    for (const { choices } of [whole, assembled]) {
      expect(choices[0]?.finish_reason).toBe("content_filter");
      expect(choices[0]?.message.content ?? "").toBe("");
    }
  });

  it("reads a response that was withheld as incomplete", async () => {
    const client = await openai(site(), "careful");
    site().upstream.next(json(responsesText(...CODE_PIECES).json));
    const whole = await client.responses.create({ model: MODEL, input: "hi" });
    site().upstream.next(streamed(responsesText(...CODE_PIECES).events));
    const assembled = await client.responses.stream({ model: MODEL, input: "hi" }).finalResponse();
    for (const answer of [whole, assembled])
      expect(answer).toMatchObject({
        ...{ status: "incomplete", incomplete_details: { reason: "content_filter" } },
        output_text: "",
      });
  });
}
