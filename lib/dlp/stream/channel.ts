import type { AnswerSpan, OpaquePart } from "../../ports/protocol";
import type { EffectivePolicy } from "../engine";
import type { Reading } from "../read-findings";
import type { TextInspection } from "../inspect-one";
import { uninspected } from "../report";

/** One delta, or one whole text, on its way to the client. */
export interface HeldText {
  readonly span: AnswerSpan;
  /** What may be delivered; null while that is not known. */
  text: string | null;
}

/** A text that grows by deltas, each to be delivered in its place. */
export interface Channel {
  add(held: HeldText): void;
  /** Decides on as many deltas as can be decided; on all of them when no more will come. */
  settle(final: boolean, reading: ChannelReading): Promise<ChannelNews>;
  /** The text as it came, and as it is delivered; for the copies that closing events repeat. */
  texts(): { readonly original: string; readonly delivered: string };
}

/** With what a channel is read. */
export interface ChannelReading {
  /** For all that the policy names. */
  readonly whole: Reading;
  /** For that alone which changes or stops a text. */
  readonly intervening: Reading;
}

/** What was found since the last time. */
export type ChannelNews = Pick<TextInspection, "redacted" | "tokenized" | "notRewritten" | "opaque"> & {
  readonly entities: readonly string[];
  readonly blockedBy: string | null;
};

export const NO_NEWS: ChannelNews = Object.freeze({
  entities: Object.freeze([]),
  redacted: 0,
  tokenized: 0,
  notRewritten: 0,
  opaque: Object.freeze([]),
  blockedBy: null,
});

/** What an inspection of the whole text says. */
export function newsOf(inspection: TextInspection, policy: EffectivePolicy): ChannelNews {
  const { findings, redacted, tokenized, notRewritten, opaque, blocked } = inspection;
  const entities = findings.map(({ entity }) => entity);
  return {
    entities,
    redacted,
    tokenized,
    notRewritten,
    opaque,
    blockedBy: blocked?.by ?? blockedUnread(opaque, policy),
  };
}

/** What stops a text because a part of it could not be read. */
export function blockedUnread(opaque: readonly OpaquePart[], policy: EffectivePolicy): string | null {
  return uninspected(opaque, policy) === null ? null : "uninspectable";
}
