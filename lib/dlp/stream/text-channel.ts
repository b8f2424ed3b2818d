import { inspectOne, unreadIn } from "../inspect-one";
import { rewriteSegments, type Replacement } from "../redact";
import { blockedUnread, NO_NEWS, type Channel, type ChannelNews, type ChannelReading, type HeldText } from "./channel";
import type { OpenTail } from "./open-tail";
import { createTextWindow, type SettledFinding } from "./text-window";

interface PlacedDelta {
  readonly held: HeldText;
  readonly start: number;
  readonly end: number;
}

/** A text whose deltas go on as soon as nothing can be found any more that begins in them. */
export function createTextChannel(openTail: OpenTail, rewritable: boolean, reports: boolean): Channel {
  const window = createTextWindow(openTail, rewritable);
  const originals: string[] = [];
  const delivered: string[] = [];
  const waiting: PlacedDelta[] = [];
  let replacements: Replacement[] = [];
  let length = 0;

  function decide(end: number): void {
    const first = waiting.findIndex((delta) => delta.end > end);
    for (const delta of waiting.splice(0, first === -1 ? waiting.length : first)) {
      delta.held.text = rewritten(delta, replacements);
      delivered.push(delta.held.text);
    }
    const from = waiting[0]?.start ?? end;
    replacements = replacements.filter((replacement) => replacement.end > from);
  }

  return Object.freeze<Channel>({
    add(held) {
      const { text } = held.span;
      window.add(text);
      originals.push(text);
      waiting.push({ held, start: length, end: length + text.length });
      length += text.length;
    },
    async settle(final, reading) {
      const settled = await window.settle(final, reading.intervening);
      if (settled !== null) replacements.push(...settled.replacements);
      if (final || settled !== null) decide(final ? length : (settled?.end ?? 0));
      const late = final && reports ? await reported(originals.join(""), reading) : NO_NEWS;
      const opaque = final && reading.whole.policy.active ? unreadIn(originals.join("")) : [];
      const news = combined(settled?.findings ?? [], late);
      return { ...news, opaque, blockedBy: news.blockedBy ?? blockedUnread(opaque, reading.whole.policy) };
    },
    texts: () => ({ original: originals.join(""), delivered: delivered.join("") }),
  });
}

/** What is only reported is looked for once, in the whole text. */
async function reported(text: string, { whole }: ChannelReading): Promise<ChannelNews> {
  const piece = { index: 0, path: [], rewritable: true, start: 0, end: text.length };
  const { findings } = await inspectOne({ text, json: false, pieces: [piece] }, whole);
  return { ...NO_NEWS, entities: findings.flatMap(({ action, entity }) => (action === "report" ? [entity] : [])) };
}

function rewritten({ held, start, end }: PlacedDelta, replacements: readonly Replacement[]): string {
  const { text } = held.span;
  const own = replacements
    .filter((replacement) => replacement.start < end && replacement.end > start)
    .map((replacement) => ({ ...replacement, start: replacement.start - start, end: replacement.end - start }));
  return rewriteSegments(text, [{ start: 0, end: text.length }], own).get(0) ?? text;
}

function combined(findings: readonly SettledFinding[], late: ChannelNews): ChannelNews {
  const count = (wanted: SettledFinding["fate"]): number => findings.filter(({ fate }) => fate === wanted).length;
  return {
    entities: [...findings.map(({ entity }) => entity), ...late.entities],
    redacted: count("redacted"),
    tokenized: count("tokenized"),
    notRewritten: count("notRewritten"),
    opaque: [],
    blockedBy: findings.find(({ fate }) => fate === "blocks")?.entity ?? null,
  };
}
