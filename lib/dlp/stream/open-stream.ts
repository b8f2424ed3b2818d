import type { DlpReport } from "../../audit/record";
import type { Detector } from "../../ports/detector";
import type { AnswerSpan } from "../../ports/protocol";
import type { Budget } from "../budget";
import type { EffectivePolicy } from "../engine";
import type { Tokens } from "../tokens";
import type { Channel, ChannelReading, HeldText } from "./channel";
import { interveningPolicy, mayBlock, reports } from "./intervening-policy";
import { createOpenTail, type OpenTail } from "./open-tail";
import { createTally, type Tally } from "./tally";
import { createTextChannel } from "./text-channel";
import { createWholeChannel } from "./whole-channel";

/** Reads the texts of one stream while it runs. Any method may throw as an inspection does; nothing may be delivered then. */
export interface StreamInspection {
  /** A delta of its channel, or a whole text; its `text` is set once it may be delivered. */
  add(span: AnswerSpan): HeldText;
  /** Decides on what was added. `ended`: names of channels that are over, or of what they are below; null ends all. */
  settle(ended: readonly string[] | null): Promise<void>;
  /** The entity that stops the stream; null while none does. */
  blockedBy(): string | null;
  /** UTF-16 units of text added so far. */
  length(): number;
  /** `delivered`: UTF-16 units of text that went on. */
  report(delivered: number): DlpReport;
}

export interface StreamParts {
  readonly policy: EffectivePolicy;
  readonly detectors: readonly Detector[];
  readonly tokens: Tokens | null;
  readonly openBudget: () => Budget;
}

/** Everything of one stream that is under way. */
interface Running extends StreamParts {
  readonly intervening: EffectivePolicy;
  readonly openTail: OpenTail;
  readonly channels: Map<string, OpenChannel>;
  /** Channels with text that was not looked at. */
  readonly touched: Set<Channel>;
  /** Texts without a channel, likewise. */
  readonly wholes: HeldText[];
  /** What each complete text became: closing events repeat them. */
  readonly copies: Map<string, string>;
  readonly tally: Tally;
}

interface OpenChannel {
  readonly channel: Channel;
  /** What its first delta says of all of them. */
  readonly first: AnswerSpan;
}

export function openStream(parts: StreamParts): StreamInspection {
  const intervening = interveningPolicy(parts.policy);
  const running: Running = {
    ...parts,
    intervening,
    openTail: createOpenTail(intervening, parts.detectors, parts.tokens),
    ...{ channels: new Map(), touched: new Set(), wholes: [], copies: new Map() },
    tally: createTally(parts.policy),
  };
  return Object.freeze<StreamInspection>({
    add: (span) => add(running, span),
    settle: (ended) => settle(running, ended),
    blockedBy: running.tally.blockedBy,
    length: running.tally.length,
    report: running.tally.report,
  });
}

function add(running: Running, span: AnswerSpan): HeldText {
  const held: HeldText = { span, text: null };
  running.tally.read(span.text.length);
  if (span.channel === undefined) running.wholes.push(held);
  else {
    const open = running.channels.get(span.channel) ?? { channel: channelFor(running, span), first: span };
    running.channels.set(span.channel, open);
    running.touched.add(open.channel);
    open.channel.add(held);
  }
  return held;
}

function channelFor({ policy, openTail }: Running, { rewritable, json }: AnswerSpan): Channel {
  if (!rewritable && !mayBlock(policy)) return createWholeChannel(true);
  return json === true ? createWholeChannel(false) : createTextChannel(openTail, rewritable, reports(policy));
}

async function settle(running: Running, ended: readonly string[] | null): Promise<void> {
  const { policy, intervening, detectors, tokens, channels, touched, wholes, tally } = running;
  if (touched.size === 0 && wholes.length === 0 && ended?.length === 0) return;
  const budget = running.openBudget();
  const reading = {
    whole: { policy, detectors, budget, tokens },
    intervening: { policy: intervening, detectors, budget, tokens },
  };
  try {
    for (const [name, open] of channels) if (isBelow(name, ended)) await endChannel(running, name, open, reading);
    for (const channel of touched) tally.add(await channel.settle(false, reading));
    touched.clear();
    for (const held of wholes.splice(0)) await settleWhole(running, held, reading);
  } finally {
    budget.close();
  }
}

async function endChannel(
  { channels, touched, copies, tally }: Running,
  name: string,
  { channel, first }: OpenChannel,
  reading: ChannelReading,
): Promise<void> {
  tally.add(await channel.settle(true, reading));
  channels.delete(name);
  touched.delete(channel);
  const { original, delivered } = channel.texts();
  if (first.rewritable) copies.set(keyOf({ ...first, text: original }), delivered);
}

/** What a closing event repeats becomes what its deltas became. */
async function settleWhole({ copies, tally }: Running, held: HeldText, reading: ChannelReading): Promise<void> {
  const { span } = held;
  const copy = span.rewritable ? copies.get(keyOf(span)) : undefined;
  if (copy !== undefined) return void (held.text = copy);
  const alone = createWholeChannel(false);
  alone.add(held);
  tally.add(await alone.settle(true, reading));
  if (span.rewritable) copies.set(keyOf(span), held.text ?? span.text);
}

/** JSON and plain text are read differently. */
function keyOf({ json, text }: AnswerSpan): string {
  return `${json === true ? "json" : "text"} ${text}`;
}

function isBelow(channel: string, ended: readonly string[] | null): boolean {
  return ended === null || ended.some((name) => channel === name || channel.startsWith(`${name}/`));
}
