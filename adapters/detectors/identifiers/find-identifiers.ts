import type { Detector, Finding } from "../../../lib/ports/detector";
import { ALONE_REST, isAlone, surroundingsOf } from "../context-words";
import { vocabularyOf, type Vocabulary } from "../vocabulary";
import { WORDS_BEFORE } from "../words-before";
import type { IdentifierRule } from "./identifier-rule";
import { identifierScore, LEAST_SCORE, worthOf } from "./identifier-score";
import { isJoinedAfter, isJoinedBefore } from "./joints";
import { codeOf, endOfForm, isRegular, isUndecided, type Form } from "./match-form";
import { nextRunAt, shapesFor, tableOf, type Shape, type ShapeNode, type ShapeTable } from "./shape-table";
import { RUN_KINDS, wordRuns } from "./word-runs";

/** How much of what follows a shape has a say. */
const LOOK_AHEAD = 2;

/** All rules, ready to run. */
export type IdentifierSearch = Required<Pick<Detector, "openAt" | "maxLength">> & {
  detect(text: string): readonly Finding[];
};

/** Prepares one pass over a text for all rules: a run's kind and length say which shapes may begin there. */
export function identifierSearch(rules: readonly IdentifierRule[]): IdentifierSearch {
  const table = tableOf(rules);
  const shapes = [...new Set(table.flatMap((node) => (node === undefined ? [] : shapesUnder(node))))];
  const forms = shapes.map(({ form }) => form);
  const vocabulary = vocabularyOf(shapes.flatMap(({ claims }) => claims.map(({ context }) => context)));
  const maxLength = Math.max(...forms.map((form) => form.length)) + ALONE_REST + 1;
  const openAt = (text: string): number => openShapeAt(text, forms, maxLength);
  return Object.freeze({ maxLength, openAt, detect: (text: string) => identifiersIn(text, table, vocabulary) });
}

function shapesUnder({ shapes, next }: ShapeNode): readonly Shape[] {
  return [...shapes, ...next.flatMap((node) => (node === undefined ? [] : shapesUnder(node)))];
}

function identifiersIn(text: string, table: ShapeTable, vocabulary: Vocabulary): readonly Finding[] {
  const findings: Finding[] = [];
  const isAscii = !/[^\0-\u007f]/.test(text);
  let numbers = 0;
  const mayBeNamed: Vocabulary = (_, at) => !(isAscii && numbers > WORDS_BEFORE) && vocabulary(text, at);
  wordRuns(text, (start, length, kind) => {
    // This run is counted, too; behind nothing but numbers there is no word to look for.
    numbers = kind === RUN_KINDS.digits ? numbers + 1 : 0;
    const shapes = shapesFor(table, kind, length);
    if (shapes === undefined || isJoinedBefore(text, start)) return;
    const places = placesAt(text, start, length, shapes, mayBeNamed);
    if (places === null) return;
    for (const finding of identifiersAt(text, start, places, mayBeNamed)) findings.push(finding);
  });
  return findings;
}

/** Where a shape stands. */
interface Place {
  readonly shape: Shape;
  readonly end: number;
  /** Whether the separators are all alike. */
  readonly regular: boolean;
}

/** The shapes that begin at `start` and may be worth telling; null for none, which is the rule. */
function placesAt(
  text: string,
  start: number,
  opening: number,
  first: ShapeNode,
  mayBeNamed: Vocabulary,
): readonly Place[] | null {
  let places: Place[] | null = null;
  let named: boolean | null = null;
  let runEnd = start + opening;
  for (let node: ShapeNode | undefined = first; node !== undefined;) {
    for (const shape of node.shapes) {
      const end = endOfForm(shape.form, text, start, opening);
      if (end === null || isJoinedAfter(text, end)) continue;
      const regular = isRegular(shape.form, text, start);
      if (worthOf(shape.highest, regular) < LEAST_SCORE && text.length > end - start + ALONE_REST) {
        if (!(named ??= mayBeNamed(text, start))) continue;
      }
      (places ??= []).push({ shape, end, regular });
    }
    const length: number = nextRunAt(node, text, runEnd + 1);
    runEnd += 1 + length;
    node = node.next[length];
  }
  return places;
}

function identifiersAt(
  text: string,
  start: number,
  places: readonly Place[],
  mayBeNamed: Vocabulary,
): readonly Finding[] {
  const found: Finding[] = [];
  const around = mayBeNamed(text, start) ? surroundingsOf(text, start, start) : null;
  const named = around !== null && places.some(({ shape }) => shape.claims.some(({ context }) => around.has(context)));
  for (const { shape, end, regular } of places) {
    const alone = isAlone(text, start, end);
    if (!named && !alone && worthOf(shape.highest, regular) < LEAST_SCORE) continue;
    const code = codeOf(shape.form, text, start);
    for (const claim of shape.claims) {
      const context = named && around.has(claim.context);
      const score = identifierScore(claim, {
        code,
        regular,
        alone,
        named: context ? "this" : named ? "other" : "none",
      });
      if (score < LEAST_SCORE || claim.rule.check?.(code) === false) continue;
      const { entity } = claim.rule;
      found.push({ entity, rule: entity, start, end, score, context });
    }
  }
  return found.length < 2 ? found : bestOfEach(found);
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
