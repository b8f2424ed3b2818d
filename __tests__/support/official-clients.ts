import Anthropic1 from "@anthropic-ai/sdk";
import Anthropic0 from "anthropic-sdk-0";
import OpenAI, { type ClientOptions } from "openai";
import type { ClientSite } from "./client-site";

/** Both generations of one vendor's client; as far as these tests go, they look alike. */
export const ANTHROPICS = [
  ["@anthropic-ai/sdk 1", Anthropic1],
  ["@anthropic-ai/sdk 0", Anthropic0 as unknown as typeof Anthropic1],
] as const;

export type AnthropicClass = (typeof ANTHROPICS)[number][1];
type AnthropicOptions = ConstructorParameters<AnthropicClass>[0];

export const MODEL = "gpt-4o-mini";
export const CLAUDE = "claude-house-1";

/** The client as its users make it: a base URL and a key. */
export async function openai(site: ClientSite, name = "alice", options: ClientOptions = {}): Promise<OpenAI> {
  return new OpenAI({ baseURL: site.openaiBase, apiKey: await site.key(name), ...options });
}

export async function anthropic(
  Client: AnthropicClass,
  site: ClientSite,
  name = "alice",
  options: AnthropicOptions = {},
): Promise<InstanceType<AnthropicClass>> {
  return new Client({ baseURL: site.anthropicBase, apiKey: await site.key(name), authToken: null, ...options });
}
