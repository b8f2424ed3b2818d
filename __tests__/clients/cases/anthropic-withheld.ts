import { CARD, PROJECT_CODE } from "../../support/client-policy";
import type { ClientSite } from "../../support/client-site";
import { messages as dialect } from "../../support/dialects";
import { anthropic, CLAUDE, type AnthropicClass } from "../../support/official-clients";
import { json, streamed } from "../../support/scripted-upstream";

const ask = { model: CLAUDE, max_tokens: 64, messages: [{ role: "user" as const, content: "hi" }] };
const CUT = CARD.length - 7;
const CARD_PIECES = ["Card ", CARD.slice(0, CUT), `${CARD.slice(CUT)} it is.`];
const CODE_PIECES = ["Code ", PROJECT_CODE.slice(0, 5), PROJECT_CODE.slice(5)];

/** What policy changes in an answer or withholds of it, an Anthropic client takes for an ordinary answer. */
export function anthropicWithheld(Client: AnthropicClass, site: () => ClientSite): void {
  it("gets a message with what may not pass redacted, streamed and not", async () => {
    const client = await anthropic(Client, site(), "careful");
    site().upstream.next(json(dialect.answer(CARD_PIECES.join(""))));
    const whole = await client.messages.create(ask);
    site().upstream.next(streamed(dialect.events(...CARD_PIECES)));
    const assembled = await client.messages.stream(ask).finalMessage();
    for (const answer of [whole, assembled])
      expect(answer).toMatchObject({ stop_reason: "end_turn", content: [{ text: "Card [CREDIT_CARD] it is." }] });
  });

  it("reads a message that was withheld as a refusal", async () => {
    const client = await anthropic(Client, site(), "careful");
    site().upstream.next(json(dialect.answer(CODE_PIECES.join(""))));
    const whole = await client.messages.create(ask);
    site().upstream.next(streamed(dialect.events(...CODE_PIECES)));
    const assembled = await client.messages.stream(ask).finalMessage();
    for (const answer of [whole, assembled]) {
      expect(answer.stop_reason).toBe("refusal");
      expect(JSON.stringify(answer.content)).not.toMatch(/Code|PRJ/);
    }
  });
}
