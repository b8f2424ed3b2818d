import { beforeEscape } from "../decode/json-escapes";
import type { Fate } from "../inspect-one";
import { fateOf, substituteFor } from "../inspect-one";
import { readFindings, type Findings, type Reading } from "../read-findings";
import type { Replacement } from "../redact";
import type { Candidate } from "../resolve-findings";
import type { OpenTail } from "./open-tail";

/** The part of a growing text that is not settled, with what lies before it. */
export interface TextWindow {
  add(text: string): void;
  /** Settles as much as can be; everything when no more will come. Null when that is nothing. */
  settle(final: boolean, reading: Reading): Promise<Settled | null>;
}

/** All offsets are of the whole text. */
export interface Settled {
  /** Up to where the text is settled now. */
  readonly end: number;
  /** What changes in the newly settled part; ascending and disjoint. */
  readonly replacements: readonly Replacement[];
  readonly findings: readonly SettledFinding[];
}

export interface SettledFinding {
  readonly entity: string;
  readonly fate: Fate;
}

/** What detectors may need to see before a match. */
const LEFT = 512;
/** Above this length a held part is read again when a sixteenth of it is new. */
const LONG = 2_048;
const NEWS = 16;

export function createTextWindow(openTail: OpenTail, rewritable: boolean): TextWindow {
  let text = "";
  let base = 0;
  let settled = 0;
  const isWorthReading = createPace();

  async function settle(final: boolean, reading: Reading): Promise<Settled | null> {
    if (!final && !isWorthReading(base + text.length, settled)) return null;
    const open = final ? text.length : openTail(text);
    if (base + open <= settled) return null;
    const found = await readFindings(text, reading);
    const from = settled - base;
    const end = settledEnd(open, found);
    if (end <= from) return null;
    const owners = found.owners.filter((owner) => isNew(owner, from, end) && !(base > 0 && owner.start === 0));
    const judged = owners.map((owner) => judge(owner, text, from, rewritable, reading));
    const replacements = [...judged.flatMap(({ masks }) => masks), ...restored(found, owners, from, end, rewritable)];
    settled = base + end;
    const news = {
      end: settled,
      replacements: replacements.map((one) => shift(one, base)).sort((one, other) => one.start - other.start),
      findings: judged.map(({ entity, fate }) => ({ entity, fate })),
    };
    forget();
    return news;
  }

  function forget(): void {
    if (settled - base < 2 * LEFT) return;
    const cut = beforeEscape(text, settled - base - LEFT);
    text = text.slice(cut);
    base += cut;
  }

  return Object.freeze({
    add(more: string): void {
      text += more;
    },
    settle,
  });
}

/** A little more does not make a long part worth reading again: the work stays in proportion to the text. */
function createPace(): (length: number, settled: number) => boolean {
  let read = 0;
  return (length, settled) => {
    if (length - settled > LONG && (length - read) * NEWS < length - settled) return false;
    read = length;
    return true;
  };
}

/** No finding and no token is cut in two. */
function settledEnd(open: number, { owners, tokens }: Findings): number {
  let end = open;
  for (const { start, end: until } of [...owners, ...tokens].sort((one, other) => other.end - one.end)) {
    if (start < end && until > end) end = start;
  }
  return end;
}

function isNew({ start, end }: { readonly start: number; readonly end: number }, from: number, until: number): boolean {
  return end > from && start < until;
}

/** What began before what is settled, and was not seen then, is masked from there on at least. */
function judge(
  owner: Candidate,
  text: string,
  from: number,
  rewritable: boolean,
  { policy, tokens }: Reading,
): SettledFinding & { readonly masks: readonly Replacement[] } {
  const { entity, end } = owner;
  const start = Math.max(owner.start, from);
  const fate = fateOf(owner, rewritable, policy, start === owner.start ? tokens : null);
  const rewritten = fate === "redacted" || fate === "tokenized";
  const substitute = rewritten ? substituteFor(entity, text.slice(start, end), fate, tokens) : "";
  return { entity, fate, masks: rewritten ? [{ start, end, text: substitute }] : [] };
}

function restored(
  { tokens }: Findings,
  owners: readonly Candidate[],
  from: number,
  until: number,
  rewritable: boolean,
): readonly Replacement[] {
  if (!rewritable) return [];
  return tokens
    .filter((token) => token.start >= from && token.end <= until)
    .filter((token) => !owners.some((owner) => owner.action !== "report" && isNew(owner, token.start, token.end)))
    .map(({ start, end, value }) => ({ start, end, text: value }));
}

function shift({ start, end, text }: Replacement, by: number): Replacement {
  return { start: start + by, end: end + by, text };
}
