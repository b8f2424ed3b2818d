import type { Detector, Finding } from "../../../lib/ports/detector";
import { ALONE_REST, surroundingsOf } from "../context-words";
import type { IdentifierRule } from "./identifier-rule";
import { identifierScore, type ClaimedPlace } from "./identifier-score";
import { endOfForm, isRegular, isUndecided, mayGoOn, type Form } from "./match-form";
import { shapesAt, tableOf, type Shape, type ShapeTable } from "./shape-table";
import { wordRuns } from "./word-runs";

/** Below this there is nothing worth telling. */
const LEAST_SCORE = 0.45;
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
    const shapes = shapesAt(table, kind, length);
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
  const fits = fittingShapes(text, start, length, shapes);
  if (fits === null) return null;
  let found: Finding[] | null = null;
  const named = fits.some(({ shape, place }) => place.around.has(shape.context));
  for (const { shape, place } of fits) {
    const context = named && place.around.has(shape.context);
    const score = identifierScore(
      shape,
      place,
      isRegular(shape.form, text, start),
      context ? "this" : named ? "other" : "none",
    );
    if (score < LEAST_SCORE || place.isPartOfMore() || shape.rule.check?.(place.code()) === false) continue;
    const { entity } = shape.rule;
    (found ??= []).push({ entity, rule: entity, start, end: place.end, score, context });
  }
  return found === null || found.length === 1 ? found : bestOfEach(found);
}

/** Which shapes stand at a place; those of one extent share what is known of it. */
function fittingShapes(
  text: string,
  start: number,
  length: number,
  shapes: readonly Shape[],
): readonly { readonly shape: Shape; readonly place: Place }[] | null {
  let fits: { readonly shape: Shape; readonly place: Place }[] | null = null;
  let place: Place | null = null;
  for (const shape of shapes) {
    const end = mayGoOn(shape.form, text, start, length) ? endOfForm(shape.form, text, start) : null;
    if (end === null) continue;
    if (place?.end !== end) place = placeAt(text, start, end);
    (fits ??= []).push({ shape, place });
  }
  return fits;
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
interface Place extends ClaimedPlace {
  readonly end: number;
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

/** In front: a run with digits that is joined on, a decimal point or comma, a path, an address, a currency. */
const JOINED_BEFORE = /[A-Za-z0-9]{0,12}\d[A-Za-z0-9]{0,12}[-./+:,]$|[/\\@+$€£]$/;
const JOINED_AFTER = /^(?:[-./:+,]\d|@\w|%)/;

function isPartOfMore(text: string, start: number, end: number): boolean {
  return JOINED_BEFORE.test(text.slice(Math.max(0, start - 26), start)) || JOINED_AFTER.test(text.slice(end, end + 2));
}
