import type { Detector, Finding } from "../../../lib/ports/detector";
import { ALONE_REST, contextOf, surroundingsOf, type Context, type Surroundings } from "../context-words";
import type { IdentifierRule } from "./identifier-rule";
import { compileForm, endOfForm, isRegular, isUndecided, mayGoOn, type Form } from "./match-form";
import { RUN_KINDS, wordRuns, type RunKind } from "./word-runs";

interface Shape {
  readonly form: Form;
  readonly score: number;
  readonly rule: IdentifierRule;
  readonly context: Context;
}

/** What a context word adds, and the least that it gives. */
const CONTEXT_GAIN = 0.45;
const CONTEXT_LEAST = 0.65;
/** A text of nothing but a code that passes its check answers a question for it. */
const ALONE_GAIN = 0.2;
/** Separators that differ, or that break lines. */
const IRREGULAR_LOSS = 0.25;
/** Below this there is nothing worth telling. */
const LEAST_SCORE = 0.45;
const LONGEST_RUN = 31;
/** How much of what follows a shape has a say. */
const LOOK_AHEAD = 2;

/** All rules, ready to run. */
export type IdentifierSearch = Required<Pick<Detector, "openAt" | "maxLength">> & {
  detect(text: string): readonly Finding[];
};

/** Prepares one pass over a text for all rules: a run's kind and length say which shapes may begin there. */
export function identifierSearch(rules: readonly IdentifierRule[]): IdentifierSearch {
  const table = tableOf(rules);
  const forms = [...new Set(table.flatMap((shapes) => shapes?.map(({ form }) => form) ?? []))];
  const maxLength = Math.max(...forms.map((form) => form.length)) + ALONE_REST + 1;
  const openAt = (text: string): number => openShapeAt(text, forms, maxLength);
  return Object.freeze({ maxLength, openAt, detect: (text: string) => identifiersIn(text, table) });
}

function identifiersIn(text: string, table: ShapeTable): readonly Finding[] {
  const findings: Finding[] = [];
  wordRuns(text, (start, length, kind) => {
    const shapes = length > LONGEST_RUN ? undefined : table[cell(kind, length)];
    if (shapes === undefined) return;
    const found = identifiersAt(text, start, length, shapes);
    if (found !== null) findings.push(...found);
  });
  return findings;
}

function identifiersAt(
  text: string,
  start: number,
  length: number,
  shapes: readonly Shape[],
): readonly Finding[] | null {
  let found: Finding[] | null = null;
  let place: Place | null = null;
  for (const shape of shapes) {
    const end = mayGoOn(shape.form, text, start, length) ? endOfForm(shape.form, text, start) : null;
    if (end === null) continue;
    if (place?.end !== end) place = placeAt(text, start, end);
    const context = place.around.has(shape.context);
    const score = scoreOf(shape, isRegular(shape.form, text, start), context, place.around);
    if (score < LEAST_SCORE || place.isPartOfMore() || shape.rule.check?.(place.code()) === false) continue;
    const { entity } = shape.rule;
    (found ??= []).push({ entity, rule: entity, start, end, score, context });
  }
  return found === null || found.length === 1 ? found : bestOfEach(found);
}

/** Of one entity's shapes at one place, the surest. */
function bestOfEach(found: readonly Finding[]): readonly Finding[] {
  const best = new Map<string, Finding>();
  for (const finding of found) {
    if (finding.score > (best.get(finding.entity)?.score ?? 0)) best.set(finding.entity, finding);
  }
  return [...best.values()];
}

/** Where the first shape begins of which the text does not hold enough. */
function openShapeAt(text: string, forms: readonly Form[], maxLength: number): number {
  const from = Math.max(0, text.length - maxLength);
  let open = text.length;
  wordRuns(text.slice(from), (start) => {
    const at = from + start;
    const margin = /[\p{L}\p{N}]/u.test(text.slice(0, at)) ? LOOK_AHEAD : ALONE_REST + 1;
    if (at < open && forms.some((form) => isUndecided(form, text, at, margin))) open = at;
  });
  return open;
}

/** What all shapes of one extent have in common; looked at when it is asked for. */
interface Place {
  readonly end: number;
  readonly around: Surroundings;
  /** Letters and digits alone, in upper case. */
  code(): string;
  isPartOfMore(): boolean;
}

function placeAt(text: string, start: number, end: number): Place {
  let code: string | null = null;
  let part: boolean | null = null;
  return {
    end,
    around: surroundingsOf(text, start, end),
    code: () =>
      (code ??= text
        .slice(start, end)
        .replace(/[^A-Za-z0-9]/g, "")
        .toUpperCase()),
    isPartOfMore: () => (part ??= isPartOfMore(text, start, end)),
  };
}

function scoreOf({ score, rule }: Shape, regular: boolean, named: boolean, around: Surroundings): number {
  const base = score - (regular ? 0 : IRREGULAR_LOSS);
  if (named) return Math.min(1, Math.max(base + CONTEXT_GAIN, CONTEXT_LEAST));
  return around.alone && rule.check !== undefined ? base + ALONE_GAIN : base;
}

/** In front: a run with digits that is joined on, a decimal point or comma, a path, an address, a currency. */
const JOINED_BEFORE = /[A-Za-z0-9]{0,12}\d[A-Za-z0-9]{0,12}[-./+:,]$|[/\\@+$€£]$/;
const JOINED_AFTER = /^(?:[-./:+,]\d|@\w|%)/;

function isPartOfMore(text: string, start: number, end: number): boolean {
  return JOINED_BEFORE.test(text.slice(Math.max(0, start - 26), start)) || JOINED_AFTER.test(text.slice(end, end + 2));
}

/** A word and a separator begin every other sentence: there, capital letters are meant. */
const WORD_FIRST = /^[A-WYZ]+[^A-Z0-9]/;

/** Shapes by kind and length of the run with which they begin. */
type ShapeTable = readonly (readonly Shape[] | undefined)[];

function tableOf(rules: readonly IdentifierRule[]): ShapeTable {
  const table: Shape[][] = [];
  for (const rule of rules) {
    const context = contextOf(rule.context);
    for (const [template, score] of Object.entries(rule.forms)) {
      const capitals = rule.capitals === true || WORD_FIRST.test(template);
      const form = compileForm(template, capitals);
      for (const at of cellsOf(template, capitals)) (table[at] ??= []).push({ form, score, rule, context });
    }
  }
  // Shapes of one length end at one place, about which the same is asked.
  for (const shapes of table.filter((cellShapes) => Array.isArray(cellShapes))) shapes.sort(byLength);
  return table;
}

function byLength(one: Shape, other: Shape): number {
  return one.form.length - other.form.length;
}

function cell(kind: RunKind, length: number): number {
  return kind * (LONGEST_RUN + 1) + length;
}

/** The runs with which a shape may begin. */
function cellsOf(template: string, capitals: boolean): readonly number[] {
  const opening = /^[A-Z0-9]+/.exec(template)?.[0] ?? "";
  const kinds = kindsOf(opening).filter(
    (kind) => !capitals || (kind !== RUN_KINDS.letters && kind !== RUN_KINDS.letterFirst),
  );
  return kinds.map((kind) => cell(kind, opening.length));
}

function kindsOf(opening: string): readonly RunKind[] {
  const { digits, digitFirst, letters, letterFirst, capitalLetters, capitalFirst } = RUN_KINDS;
  if (/^[0-9]+$/.test(opening)) return [digits];
  if (/^[A-WYZ]+$/.test(opening)) return [letters, capitalLetters];
  const kinds: RunKind[] = [];
  if (!/^\d/.test(opening)) kinds.push(letterFirst, capitalFirst);
  if (/^[\dX]/.test(opening)) kinds.push(digitFirst);
  if (/^[\dX]+$/.test(opening)) kinds.push(digits);
  if (/^[A-Z]+$/.test(opening)) kinds.push(letters, capitalLetters);
  return kinds;
}
