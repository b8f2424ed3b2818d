import { openaiChat } from "../../adapters/protocols/openai-chat";
import type { ClearedCall } from "../../lib/call";

const BODY = Buffer.from('{"model":"gpt-4o-mini","messages":[{"role":"user","content":"canary prompt"}]}');

/** A call that went through every stage, as the recorder sees it. */
export function clearedCall(changes: Partial<ClearedCall> = {}): ClearedCall {
  const [operation] = openaiChat.operations;
  if (operation === undefined) throw new Error("no operation");
  return {
    ...{
      requestId: "0192-call",
      clientRequestId: "client-1",
      clientSessionId: null,
      protocol: openaiChat,
      method: "POST",
    },
    ...{ route: { operation, params: {} }, operation, params: {} },
    ...{
      path: "/v1/chat/completions",
      target: "/chat/completions?key=canary",
      source: "203.0.113.7",
      userAgent: "curl/8",
    },
    headers: [["cookie", "canary"]],
    ...{ receivedAt: 0, startedAt: 0, signal: new AbortController().signal },
    principal: {
      ...{ keyId: "0123456789", keyName: "laptop", groups: [], epoch: 41 },
      user: { id: "u1", email: "alice@acme.test", role: "user", status: "active" },
      organization: { id: "o1", name: "acme", dlp: null },
    },
    grant: { apiKeyAccess: true, askModeOnly: false, admitsFrom: () => true, decide: () => "granted" },
    ...{ credential: "bearer", bothHeaders: true, staleAuth: false, toolFree: true, upstream: "openai", dlp: null },
    body: { bytes: BODY, value: {} },
    prompt: { model: "gpt-4o-mini", stream: true, spans: [], opaque: [], continues: [], stored: false },
    model: { id: "gpt-4o-mini", provider: "openai", displayName: "x", enabled: true, upstreamModel: "up", dlp: null },
    bytes: BODY,
    ...changes,
  };
}
