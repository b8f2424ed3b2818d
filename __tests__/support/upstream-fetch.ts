import { randomUUID } from "node:crypto";
import { anthropicMessages } from "../../adapters/protocols/anthropic-messages";
import { openaiChat } from "../../adapters/protocols/openai-chat";
import { openaiResponses } from "../../adapters/protocols/openai-responses";
import type { Operation, Protocol } from "../../lib/ports/protocol";
import type { Upstream } from "../../lib/ports/upstream";
import { clearedCall } from "./cleared-call";

const PROTOCOLS = [openaiChat, openaiResponses, anthropicMessages];

/** A `fetch` for official clients that hands each request to an upstream, as a gate without rules would. */
export function upstreamFetch(upstream: Upstream): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const target = url.pathname.replace(/^\/v1/, "") + url.search;
    const found = findOperation(init?.method ?? "GET", target.split("?")[0] ?? "");
    const bytes = typeof init?.body === "string" ? Buffer.from(init.body) : new Uint8Array();
    const call = clearedCall({ ...found, target, bytes, requestId: randomUUID() });
    const { status, headers, body } = await upstream.forward(call, init?.signal ?? new AbortController().signal);
    return new Response(ReadableStream.from(body), { status, headers: headers.map(([name, value]) => [name, value]) });
  };
}

interface Found {
  readonly protocol: Protocol;
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

function findOperation(method: string, path: string): Found {
  const candidates = PROTOCOLS.flatMap((protocol) => protocol.operations.map((operation) => ({ protocol, operation })));
  for (const { protocol, operation } of candidates) {
    const pattern = new RegExp(`^${operation.path.replace("{id}", "(?<id>[^/]+)")}$`);
    const match = pattern.exec(path);
    if (match !== null && operation.method === method) return { protocol, operation, params: { ...match.groups } };
  }
  throw new Error(`no operation for ${method} ${path}`);
}
