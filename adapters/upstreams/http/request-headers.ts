import { headerValue, type HeaderLines } from "../../../lib/answer";
import type { ClearedCall } from "../../../lib/call";
import type { HttpUpstreamSettings } from "./options";

/** Written by this adapter or by the HTTP client, and the caller's credentials, whoever built the call. */
const OURS = new Set([
  "accept-encoding",
  "authorization",
  "content-encoding",
  "content-length",
  "content-type",
  "cookie",
  "host",
  "proxy-authorization",
  "x-api-key",
]);

/** The version of Anthropic's API that every one of its clients names; a call without any is refused there. */
const ANTHROPIC_VERSION = "2023-06-01";

/** Names and values in one list, as undici takes them: the caller's own fields, then ours with the provider's key. */
export function requestHeaders(call: ClearedCall, settings: HttpUpstreamSettings): string[] {
  const passed = call.headers.filter(([name]) => !OURS.has(name.toLowerCase()));
  const content: HeaderLines = call.bytes.length === 0 ? [] : [["content-type", "application/json"]];
  const lines: HeaderLines = [...passed, ["accept-encoding", "identity"], ...content, ...credential(passed, settings)];
  return lines.flat();
}

function credential(passed: HeaderLines, { auth, apiKey }: HttpUpstreamSettings): HeaderLines {
  if (auth === "bearer") return [["authorization", `Bearer ${apiKey}`]];
  const version: HeaderLines = headerValue(passed, "anthropic-version")
    ? []
    : [["anthropic-version", ANTHROPIC_VERSION]];
  return [["x-api-key", apiKey], ...version];
}
