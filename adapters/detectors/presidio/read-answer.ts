import { MINIMUM_SCORE } from "../../../lib/dlp/minimum-score";
import type { Finding } from "../../../lib/ports/detector";
import { codePointsOf } from "./code-points";
import type { PresidioSettings } from "./options";

/** What one question's answer says of each of its texts. Throws at anything that the analyzer's API does not promise. */
export function readAnswers(
  answer: unknown,
  texts: readonly string[],
  settings: PresidioSettings,
): readonly (readonly Finding[])[] {
  const lists: unknown = settings.batchSize === 1 ? [answer] : answer;
  if (!Array.isArray(lists) || lists.length !== texts.length) throw nonsense("not one list for each text");
  return texts.map((text, index) => readFindings(lists[index], text, settings));
}

function readFindings(list: unknown, text: string, settings: PresidioSettings): readonly Finding[] {
  if (!Array.isArray(list)) throw nonsense("findings are no list");
  const points = codePointsOf(text);
  return list.flatMap((entry: unknown) => {
    const { entity_type: theirs, start, end, score } = asRecord(entry);
    if (typeof theirs !== "string") throw nonsense("a finding names no entity");
    if (typeof score !== "number" || !(score >= 0 && score <= 1)) throw nonsense("a score is not between 0 and 1");
    if (!isOffset(start, points.length) || !isOffset(end, points.length) || start >= end)
      throw nonsense("a finding is outside its text");
    const entity = settings.entities.get(theirs);
    if (entity === undefined || score < settings.scoreThreshold) return [];
    const place = { start: points.toUnits(start), end: points.toUnits(end) };
    // The threshold is the operator's word on what counts; the engine must not have another.
    return [{ entity, rule: `presidio:${theirs}`, ...place, score: Math.max(score, MINIMUM_SCORE) }];
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw nonsense("a finding is no object");
  return value as Readonly<Record<string, unknown>>;
}

function isOffset(value: unknown, length: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= length;
}

function nonsense(what: string): TypeError {
  return new TypeError(`the analyzer's answer makes no sense: ${what}`);
}
