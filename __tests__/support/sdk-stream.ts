import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { sseEvent, eventBytes, type SseEvent } from "../../lib/http/sse";
import type { JsonValue } from "../../lib/json";
import type { EventContent, SseSession } from "../../lib/ports/protocol";

/** An event as an upstream sends it; `[DONE]` and other words go as they are. */
export function upstreamEvent(data: JsonValue, event: string | null = null): SseEvent {
  return sseEvent(event, typeof data === "string" ? data : JSON.stringify(data));
}

/** Reads every event as the gate does: with its parsed data, or null where that is not JSON. */
export function readAll(session: SseSession, events: readonly SseEvent[]): EventContent[] {
  return events.map((event) => session.read(event, parsedOrNull(event.data)));
}

/** The official client, answered with exactly these events. */
export function openaiAnswered(events: readonly SseEvent[]): OpenAI {
  return new OpenAI({ apiKey: "unused", baseURL: "http://gate.test/v1", maxRetries: 0, fetch: () => streamOf(events) });
}

export function anthropicAnswered(events: readonly SseEvent[]): Anthropic {
  return new Anthropic({ apiKey: "unused", baseURL: "http://gate.test", maxRetries: 0, fetch: () => streamOf(events) });
}

function streamOf(events: readonly SseEvent[]): Promise<Response> {
  const body = Buffer.concat(events.map(eventBytes));
  return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
}

function parsedOrNull(data: string | null): JsonValue | null {
  try {
    return data === null ? null : (JSON.parse(data) as JsonValue);
  } catch {
    return null;
  }
}
