import { useClientSite } from "../support/client-site";
import { endAllCommands } from "../support/command-line";
import { anthropic, ANTHROPICS, CLAUDE, MODEL, openai } from "../support/official-clients";
import { openServeSite, UPSTREAM_KEY } from "../support/serve-site";
import { anthropicAnswers } from "./cases/anthropic-answers";
import { anthropicRefusals } from "./cases/anthropic-refusals";
import { anthropicTools } from "./cases/anthropic-tools";
import { anthropicWithheld } from "./cases/anthropic-withheld";
import { openaiAnswers } from "./cases/openai-answers";
import { openaiRefusals } from "./cases/openai-refusals";
import { openaiTools } from "./cases/openai-tools";
import { openaiWithheld } from "./cases/openai-withheld";

afterAll(endAllCommands);

describe.each(["/v1", "/llm/v1"])("Through `llm-gate serve` at %s,", (prefix) => {
  const site = useClientSite(() => openServeSite(prefix));

  describe("the openai client", () => {
    openaiAnswers(site);
    openaiTools(site);
    openaiRefusals(site);
    openaiWithheld(site);

    it("reaches its provider with the provider's key as a Bearer token", async () => {
      await (await openai(site())).responses.create({ model: MODEL, input: "hi" });
      const { headers } = site().upstream.calls.at(-1) ?? {};
      expect(headers).toMatchObject({ authorization: `Bearer ${UPSTREAM_KEY}` });
      expect(headers).not.toHaveProperty("x-api-key");
    });
  });

  describe.each(ANTHROPICS)("the client %s", (_version, Client) => {
    anthropicAnswers(Client, site);
    anthropicTools(Client, site);
    anthropicRefusals(Client, site);
    anthropicWithheld(Client, site);

    it("reaches its provider with the provider's key as x-api-key", async () => {
      const messages = [{ role: "user" as const, content: "hi" }];
      await (await anthropic(Client, site())).messages.create({ model: CLAUDE, max_tokens: 64, messages });
      const { headers } = site().upstream.calls.at(-1) ?? {};
      expect(headers).toMatchObject({ "x-api-key": UPSTREAM_KEY });
      expect(headers).not.toHaveProperty("authorization");
    });
  });
});
