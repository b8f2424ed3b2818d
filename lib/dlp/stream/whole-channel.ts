import { gatherTexts } from "../gather-texts";
import { inspectOne } from "../inspect-one";
import { NO_NEWS, newsOf, type Channel, type HeldText } from "./channel";

/**
 * A text that is read when it is complete: JSON, whose strings can only be told then. `passes`: its deltas go on at once,
 * because nothing that could be found would change or stop them.
 */
export function createWholeChannel(passes: boolean): Channel {
  const helds: HeldText[] = [];
  return Object.freeze<Channel>({
    add(held) {
      helds.push(held);
      if (passes) held.text = held.span.text;
    },
    async settle(final, { whole }) {
      const spans = helds.map(({ span }) => ({ ...span, channel: "whole" }));
      const [gathered] = gatherTexts(spans);
      if (!final || gathered === undefined) return NO_NEWS;
      const inspection = await inspectOne(gathered, whole);
      const edited = new Map(inspection.edits.map(({ index, text }) => [index, text]));
      if (!passes) helds.forEach((held, index) => (held.text = edited.get(index) ?? held.span.text));
      return newsOf(inspection, whole.policy);
    },
    texts: () => ({
      original: helds.map(({ span }) => span.text).join(""),
      delivered: helds.map(({ text }) => text).join(""),
    }),
  });
}
