import type { Detector, Finding } from "../../../lib/ports/detector";
import { unbrokenRunAt } from "../built-in/unbroken-run";
import { assignmentOf, NAME_REACH } from "./assignment";
import { isKubernetesSecret, KUBERNETES_REACH, mayMentionKinds, mentionsKubernetesSecret } from "./kubernetes-secret";
import { judgeSecret, SERVICE_REACH, type FoundSecret } from "./judge-secret";
import { SECRET_WORDS } from "./name-of-secret";
import { isStandIn } from "./placeholders";
import { looksRandom } from "./randomness";
import { remembered, type ReadPlace } from "./remembered";
import { COMMON_SERVICES, DISTINCT_SERVICES } from "./service-names";
import { LONGEST_VALUE, valueRuns } from "./value-runs";
import { wordsNear, type WordsNear } from "./words-near";

type Secret = FoundSecret & { readonly length: number };

const ENTITIES = Object.freeze(["API_KEY", "GENERIC_SECRET"]);
/** A value may stand behind white space and these. */
const BEGINNINGS = new Uint8Array(128);
for (const character of " \t\n\"'`=:>,{|") BEGINNINGS[character.charCodeAt(0)] = 1;
const EQUALS = 61;
const MAX_LENGTH = LONGEST_VALUE + 8;
/** How much of the text behind a value says whether it ends there. */
const AFTER_VALUE = 4;

const SERVICES = [...DISTINCT_SERVICES, ...COMMON_SERVICES];
const wordsBefore = wordsNear([[...SECRET_WORDS, ...SERVICES], SERVICES]);
/** Which of these lists: of all words that tell of a secret, of services alone. */
const ANY_NAME = 0;
const SERVICE_NAME = 1;

/** Random values that are assigned to something whose name is a secret's, or a service's that issues keys. */
export function assignedSecretDetector(): Detector {
  const detect = (text: string): readonly Finding[] => {
    const findings: Finding[] = [];
    const kinds = mayMentionKinds(text);
    const words = wordsBefore(text);
    const read = remembered(
      readerOf(kinds, words),
      mentionsKubernetesSecret(text) ? KUBERNETES_REACH : NAME_REACH,
      AFTER_VALUE,
    );
    valueRuns(text, (start, runEnd) => {
      if (start > 0 && BEGINNINGS[text.charCodeAt(start - 1)] !== 1) return false;
      if (!kinds && !words(start, NAME_REACH, ANY_NAME)) return false;
      const found = read(text, start, runEnd);
      if (found === null) return false;
      const { entity, rule, score, length } = found;
      findings.push({ entity, rule, start, end: start + length, score });
      return true;
    });
    return findings;
  };
  return Object.freeze({
    name: "assigned-secret",
    entities: ENTITIES,
    secrets: ENTITIES,
    maxLength: MAX_LENGTH,
    detect,
    openAt,
  });
}

/** A value's run; where a quote opened it, also until the quote that closes it. */
function openAt(text: string): number {
  const padded = /["'`][ \t]{0,2}[^\s"'`<>]{8,1600}[ \t]{1,2}$/.exec(text.slice(-MAX_LENGTH))?.[0].length ?? 0;
  return Math.min(unbrokenRunAt(text, MAX_LENGTH), text.length - padded);
}

function readerOf(kinds: boolean, words: WordsNear): ReadPlace<Secret | null> {
  return (text, start, runEnd) => {
    const end = valueEnd(text, start, runEnd);
    const value = text.slice(start, end);
    if (value.startsWith("//") || !looksRandom(value) || isMember(value)) return null;
    const before = text.slice(Math.max(0, start - NAME_REACH), start);
    const assignment = assignmentOf(before, text.slice(end, runEnd + AFTER_VALUE));
    if (assignment === null || isStandIn(value)) return null;
    const found =
      judgeSecret(value, assignment, words(start, SERVICE_REACH, SERVICE_NAME) ? before : null) ??
      (kinds && isKubernetesSecret(text, start, value) ? KUBERNETES : null);
    return found === null ? null : { ...found, length: value.length };
  };
}

const KUBERNETES: FoundSecret = { entity: "GENERIC_SECRET", rule: "kubernetes-secret", score: 0.7 };

/** Two names joined by a dot are code. */
function isMember(value: string): boolean {
  return value.length < 40 && value.includes(".") && /^[A-Za-z_]\w{1,20}\.[A-Za-z_]\w{1,20}$/.test(value);
}

/** A quoted value goes to its quote; a full stop or a slash that ends another is none of it, nor are more than two `=`. */
function valueEnd(text: string, start: number, runEnd: number): number {
  const before = text.charCodeAt(start - 1);
  const quoted = isQuote(before) && before === text.charCodeAt(runEnd);
  let end = runEnd;
  while (!quoted && endsMore(text.charCodeAt(end - 1))) end -= 1;
  if (text.charCodeAt(end - 1) !== EQUALS) return end;
  const padding = /={3,}$/.exec(text.slice(Math.max(start, end - 8), end))?.[0].length ?? 0;
  return end - padding;
}

function isQuote(code: number): boolean {
  return code === 34 || code === 39 || code === 96;
}

/** A full stop, a slash, a tilde. */
function endsMore(code: number): boolean {
  return code === 46 || code === 47 || code === 126;
}
