import type { CustomRule } from "../../lib/dlp/policy";
import type { Detector, Finding } from "../../lib/ports/detector";
import { literalReach, literalSearch } from "./custom-rules/literal-search";
import { phraseReach, phraseSearch } from "./custom-rules/phrase-search";
import { createPacer, type Pacer } from "./custom-rules/pacer";
import { regexSearch } from "./custom-rules/regex-search";

/** Finds the matches of one pattern, with breaks. Rejects when the pacer's signal aborts. */
export type Search = (text: string, pacer: Pacer) => Promise<readonly Match[]>;

/** What a stream need not be held whole for: see Detector. */
export type Reach = Required<Pick<Detector, "maxLength" | "openAt">>;

export interface Match {
  readonly start: number;
  readonly end: number;
}

/**
 * Makes an operator's rule a detector, named after the rule. Throws a ConfigurationError when the regex is not valid.
 * Rejects when the signal aborts.
 */
export function compileCustomRule(rule: CustomRule): Detector {
  const search = searchFor(rule);
  const { name } = rule;
  return Object.freeze({
    name,
    entities: Object.freeze([name]),
    ...reachOf(rule),
    detect: async (text: string, signal: AbortSignal): Promise<readonly Finding[]> => {
      const matches = await search(text, createPacer(signal));
      return matches.map(({ start, end }) => ({ entity: name, rule: name, start, end, score: 1 }));
    },
  });
}

/** How long the matches of a regex may be is nobody's to say: a stream is held whole for it. */
function reachOf({ phrases, literals }: CustomRule): Reach | null {
  if (phrases !== undefined) return phraseReach(phrases);
  return literals === undefined ? null : literalReach(literals);
}

function searchFor(rule: CustomRule): Search {
  if (rule.regex !== undefined) return regexSearch(rule.regex);
  return rule.phrases === undefined ? literalSearch(rule.literals ?? []) : phraseSearch(rule.phrases);
}
