import { rawValues } from "../http/raw-values";
import type { TextSpan } from "../ports/protocol";

/**
 * The spans with structured values as the document has them, so that an edit leaves every byte around it as it is and no
 * number is read rounded. Without such values they are the very same, and the document is not asked for.
 */
export function spansAsWritten<Span extends TextSpan>(
  spans: readonly Span[],
  bytes: () => Uint8Array,
): readonly Span[] {
  const paths = spans.flatMap((span) => (span.structured === true ? [span.path] : []));
  if (paths.length === 0) return spans;
  const raw = rawValues(bytes(), paths).values();
  return spans.map((span) => (span.structured === true ? { ...span, text: raw.next().value ?? span.text } : span));
}
