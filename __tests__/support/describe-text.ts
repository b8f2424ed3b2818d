import { formatPath } from "../../lib/json";
import type { AnswerSpan, OpaquePart } from "../../lib/ports/protocol";

/** `messages[0].content | user | rewritable | hello`: one line per span, as the golden files have it. */
export function describeSpans(spans: readonly AnswerSpan[]): string[] {
  return spans.map((span) => {
    const kinds = [
      span.structured === true && "structured",
      span.json === true && "json",
      span.names === true && "names",
    ];
    const kind = kinds.find((name) => name !== false);
    const handling = `${span.rewritable ? "rewritable" : "scanned"}${kind === undefined ? "" : ` ${kind}`}`;
    const channel = span.channel === undefined ? [] : [span.channel];
    return [formatPath(span.path), span.role, handling, ...channel, span.text.replaceAll("\u0000", ", ")].join(" | ");
  });
}

export function describeOpaque(parts: readonly OpaquePart[]): string[] {
  return parts.map((part) => `${formatPath(part.path)} | ${part.kind}`);
}
