import type Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { CLIENT_POLICY } from "../support/client-policy";
import { basesOf, counted, type ClientSite } from "../support/client-site";
import { countingRelay } from "../support/counting-relay";
import { chat, messages as dialect } from "../support/dialects";
import { anthropic, ANTHROPICS, CLAUDE, MODEL, openai } from "../support/official-clients";
import { caught } from "../support/refused-once";
import { json } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

const messages = [{ role: "user" as const, content: "hi" }];

interface Retrying {
  readonly name: string;
  readonly call: (site: ClientSite, maxRetries: number) => Promise<unknown>;
  readonly unavailable: typeof OpenAI.InternalServerError | typeof Anthropic.InternalServerError;
  readonly says: string;
}

const CLIENTS: readonly Retrying[] = [
  {
    name: "openai",
    call: async (site, maxRetries) =>
      (await openai(site, "alice", { maxRetries })).chat.completions.create({ model: MODEL, messages }),
    unavailable: OpenAI.InternalServerError,
    says: "draining",
  },
  ...ANTHROPICS.map(([name, Client]) => ({
    name,
    call: async (site: ClientSite, maxRetries: number) =>
      (await anthropic(Client, site, "alice", { maxRetries })).messages.create({
        ...{ model: CLAUDE, max_tokens: 64 },
        messages,
      }),
    unavailable: Client.InternalServerError,
    says: "overloaded_error",
  })),
];

async function open(): Promise<{ readonly site: Site; readonly wire: ClientSite }> {
  // The server goes on accepting while the gate drains, as behind a balancer that has not heard of it yet.
  const site = await openSite({ policy: CLIENT_POLICY, protect: false });
  const relay = await countingRelay(site.port);
  const { upstream, key } = site;
  const wire = { ...basesOf(relay.port, "/v1"), ...{ upstream, key }, requests: relay.requests, close };
  async function close(): Promise<void> {
    await relay.close();
    await site.close();
  }
  return { site, wire };
}

describe.each(CLIENTS)("The client $name", ({ name, call, unavailable, says }) => {
  let site: Site;
  let wire: ClientSite;

  beforeEach(async () => {
    ({ site, wire } = await open());
  });

  afterEach(() => wire.close());

  it("waits as long as an upstream's Retry-After says, and then succeeds", async () => {
    const limited =
      name === "openai" ? chat.envelope("rate_limited", "Slow down.") : dialect.envelope("rate_limited", "");
    wire.upstream.next(json(limited, 429, { "retry-after": "1" }));
    const began = performance.now();
    expect(await counted(wire, () => call(wire, 2))).toEqual({ requests: 2, upstream: 2 });
    expect(performance.now() - began).toBeGreaterThan(990);
  });

  it("is told by a draining gate when to come back, and comes back", async () => {
    await call(wire, 0);
    await site.gate.drain(0);
    const error = (await caught(call(wire, 0))) as { readonly headers: Headers };
    expect(error).toBeInstanceOf(unavailable);
    expect(error).toMatchObject({ status: 503 });
    expect(error.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(JSON.stringify(error)).toContain(says);
    const again = await counted(wire, () => caught(call(wire, 1)));
    expect(again).toEqual({ requests: 2, upstream: 0 });
  });
});
