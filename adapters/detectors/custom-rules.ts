import type { CustomRule } from "../../lib/dlp/policy";
import type { Detector, Finding } from "../../lib/ports/detector";
import { literalSearch } from "./custom-rules/literal-search";
import { phraseSearch } from "./custom-rules/phrase-search";
import { createPacer, type Pacer } from "./custom-rules/pacer";
import { regexSearch } from "./custom-rules/regex-search";

/** Finds the matches of one pattern, with breaks. Rejects when the pacer's signal aborts. */
export type Search = (text: string, pacer: Pacer) => Promise<readonly Match[]>;

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
    detect: async (text: string, signal: AbortSignal): Promise<readonly Finding[]> => {
      const matches = await search(text, createPacer(signal));
      return matches.map(({ start, end }) => ({ entity: name, rule: name, start, end, score: 1 }));
    },
  });
}

function searchFor(rule: CustomRule): Search {
  if (rule.regex !== undefined) return regexSearch(rule.regex);
  return rule.phrases === undefined ? literalSearch(rule.literals ?? []) : phraseSearch(rule.phrases);
}
