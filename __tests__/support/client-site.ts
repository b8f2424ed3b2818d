import type express from "express";
import express5 from "express";
import express4 from "express4";
import { CLIENT_POLICY } from "./client-policy";
import { countingRelay } from "./counting-relay";
import type { ScriptedUpstream } from "./scripted-upstream";
import { openSite } from "./site";

/** What official clients are tested against: a gate in this process, or the built server. */
export interface ClientSite {
  /** `http://127.0.0.1:PORT/v1` or `…/llm/v1`: what an OpenAI client calls its base URL. */
  readonly openaiBase: string;
  /** The same without `/v1`, as Anthropic's clients want it. */
  readonly anthropicBase: string;
  readonly upstream: Pick<ScriptedUpstream, "calls" | "next">;
  /** Request lines as they went over the wire. */
  readonly requests: readonly string[];
  key(name: string): Promise<string>;
  close(): Promise<void>;
}

export interface Host {
  readonly prefix: string;
  readonly express: typeof express;
}

export const HOSTS: readonly (readonly [name: string, host: Host])[] = [
  ["Express 5 at /v1", { express: express5, prefix: "/v1" }],
  ["Express 4 at /v1", { express: express4, prefix: "/v1" }],
  ["Express 5 below a path", { express: express5, prefix: "/llm/v1" }],
  ["Express 4 below a path", { express: express4, prefix: "/llm/v1" }],
];

export async function openGateSite({ express, prefix }: Host): Promise<ClientSite> {
  const site = await openSite({
    express,
    prefix,
    policy: CLIENT_POLICY,
    mount(app, { gate, forwarder }) {
      app.use(gate);
      app.use(prefix, forwarder);
    },
  });
  const relay = await countingRelay(site.port);
  return {
    ...basesOf(relay.port, prefix),
    upstream: site.upstream,
    requests: relay.requests,
    key: (name) => site.key(name),
    async close() {
      await relay.close();
      await site.close();
    },
  };
}

export function basesOf(port: number, prefix: string): Pick<ClientSite, "openaiBase" | "anthropicBase"> {
  const openaiBase = `http://127.0.0.1:${port}${prefix}`;
  return { openaiBase, anthropicBase: openaiBase.replace(/\/v1$/, "") };
}

/** Some are processes of their own, and several start at once. */
const STARTING_MS = 60_000;

/** Opens a site before the tests of a `describe` and closes it after them. */
export function useClientSite(open: () => Promise<ClientSite>): () => ClientSite {
  let site: ClientSite | undefined;
  beforeAll(async () => {
    site = await open();
  }, STARTING_MS);
  afterAll(() => site?.close());
  return () => {
    if (site === undefined) throw new Error("The site is not open.");
    return site;
  };
}

/** How many requests `work` made on the wire, and of how many the upstream heard. */
export async function counted(
  { requests, upstream }: ClientSite,
  work: () => Promise<unknown>,
): Promise<{ readonly requests: number; readonly upstream: number }> {
  const before = { requests: requests.length, upstream: upstream.calls.length };
  await work();
  return { requests: requests.length - before.requests, upstream: upstream.calls.length - before.upstream };
}
