import { encodedViews } from "./decode/encoded-runs";
import { escapeViews } from "./decode/escapes";
import { wholeEscapes } from "./decode/json-escapes";
import { secondReadings } from "./decode/second-reading";
import type { View } from "./decode/view";
import { normalize } from "./normalize";

/** Encodings inside encodings that are taken off: `%2540`, base64 of base64. */
export const DECODED_LAYERS = 2;

/**
 * A text as detectors see it: its look-alikes replaced, and after that what its encodings stand for (percent-escapes, character
 * references, escapes of JSON, base64, hexadecimal digits, compressed text in them), and what it is when doubtful characters
 * are read otherwise.
 */
export function viewsOf(source: string): readonly View[] {
  const plain = normalView(source);
  return [plain, ...decodedViews(plain, DECODED_LAYERS)];
}

function decodedViews(view: View, layers: number): readonly View[] {
  if (layers === 0) return [];
  const views = [...escapeViews(view.text), ...secondReadings(view.text), ...encodedViews(view.text)];
  return views.flatMap((inner) => {
    const decoded = within(within(normalView(inner.text), inner), view);
    return [decoded, ...decodedViews(decoded, layers - 1)];
  });
}

function normalView(source: string): View {
  const { text, toSource } = normalize(source);
  return { text, place: (start, end) => wholeEscapes(source, toSource(start), toSource(end)) };
}

/** A view of a view, led back through both. */
function within(inner: View, outer: View): View {
  return {
    text: inner.text,
    place(start, end) {
      const placed = inner.place(start, end);
      return placed === null ? null : outer.place(placed.start, placed.end);
    },
  };
}
