import type { JsonPath } from "../json";
import type { AnswerSpan } from "../ports/protocol";
import type { Segment } from "./redact";

/** One text as a reader would see it: a span of its own, or the deltas of one channel joined in order. */
export interface GatheredText {
  readonly text: string;
  readonly json: boolean;
  readonly pieces: readonly TextPiece[];
}

export interface TextPiece extends Segment {
  /** Which of the spans. */
  readonly index: number;
  readonly path: JsonPath;
  readonly rewritable: boolean;
}

/** In the order in which each text begins. */
export function gatherTexts(spans: readonly AnswerSpan[]): readonly GatheredText[] {
  const groups = new Map<string | number, number[]>();
  spans.forEach((span, index) => {
    const group = groups.get(span.channel ?? index);
    if (group === undefined) groups.set(span.channel ?? index, [index]);
    else group.push(index);
  });
  return [...groups.values()].map((indexes) => joinSpans(spans, indexes));
}

function joinSpans(spans: readonly AnswerSpan[], indexes: readonly number[]): GatheredText {
  const pieces: TextPiece[] = [];
  const texts: string[] = [];
  let json = false;
  let at = 0;
  for (const index of indexes) {
    const span = spans[index];
    if (span === undefined) continue;
    // Which of the names it is would be text of the caller's own.
    const path = span.names === true ? [...span.path, "*"] : span.path;
    pieces.push({ index, path, rewritable: span.rewritable, start: at, end: at + span.text.length });
    texts.push(span.text);
    json ||= span.json === true;
    at += span.text.length;
  }
  return { text: texts.join(""), json, pieces };
}
