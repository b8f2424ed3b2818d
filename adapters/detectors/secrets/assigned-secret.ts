import type { Detector, Finding } from "../../../lib/ports/detector";
import { unbrokenRunAt } from "../built-in/unbroken-run";
import { assignmentOf, NAME_REACH, type Assignment } from "./assignment";
import { isKubernetesSecret, KUBERNETES_REACH, mayMentionKinds, mentionsKubernetesSecret } from "./kubernetes-secret";
import { isKeyAlone, promiseOf } from "./name-of-secret";
import { isStandIn } from "./placeholders";
import { looksRandom } from "./randomness";
import { remembered, type ReadPlace } from "./remembered";
import { isNamedAfter, serviceIn, WORDS_READ, type Service } from "./service-in";
import { LONGEST_VALUE, valueRuns } from "./value-runs";
import { wordsOf } from "./words-of";

type Found = Pick<Finding, "entity" | "rule" | "score">;
type Secret = Found & { readonly length: number };

const ENTITIES = Object.freeze(["API_KEY", "GENERIC_SECRET"]);
/** A value may stand behind white space and these. */
const BEGINNINGS = new Uint8Array(128);
for (const character of " \t\n\"'`=:>,{|") BEGINNINGS[character.charCodeAt(0)] = 1;
/** How far before a value its service's name begins. */
const SERVICE_REACH = 56;
/** All but the last paragraph: names are not made of words from two. */
const PARAGRAPHS = /^[^]*\n[ \t]*\r?\n/;
const MAX_LENGTH = LONGEST_VALUE + 8;
const LONGEST_UNNAMED = 200;
/** How much of the text behind a value says whether it ends there. */
const AFTER_VALUE = 4;
/** Values that are only near a name, and values with a weak name, have to be as long as keys are. */
const KEY_LENGTH = 16;
const SURE_KEY_LENGTH = 20;
const FEWEST_DIGITS = 3;
/** What commits, files and keys are known by. */
const DIGEST = /^(?:[0-9a-f]{40}|[0-9A-F]{40}|[0-9a-f]{64})$/;

/** Random values that are assigned to something whose name is a secret's, or a service's that issues keys. */
export function assignedSecretDetector(): Detector {
  const detect = (text: string): readonly Finding[] => {
    const findings: Finding[] = [];
    const read = remembered(
      readerOf(text),
      mentionsKubernetesSecret(text) ? KUBERNETES_REACH : NAME_REACH,
      AFTER_VALUE,
    );
    valueRuns(text, (start, runEnd) => {
      if (start > 0 && BEGINNINGS[text.charCodeAt(start - 1)] !== 1) return false;
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

function readerOf(whole: string): ReadPlace<Secret | null> {
  const kinds = mayMentionKinds(whole);
  return (text, start, runEnd) => secretAt(text, start, runEnd, kinds);
}

function secretAt(text: string, start: number, runEnd: number, kinds: boolean): Secret | null {
  const end = valueEnd(text, start, runEnd);
  const value = text.slice(start, end);
  if (value.startsWith("//") || !looksRandom(value) || isMember(value)) return null;
  const before = text.slice(Math.max(0, start - NAME_REACH), start);
  const assignment = assignmentOf(before, text.slice(end, runEnd + AFTER_VALUE));
  if (assignment === null || isStandIn(value)) return null;
  const entry = kinds && isKubernetesSecret(text, start, value) ? KUBERNETES : null;
  const found = judge(value, before, assignment) ?? entry;
  return found === null ? null : { ...found, length: value.length };
}

const KUBERNETES: Found = { entity: "GENERIC_SECRET", rule: "kubernetes-secret", score: 0.7 };

function judge(value: string, before: string, { name, assigned }: Assignment): Found | null {
  if (!assigned && !isLongKey(value)) return null;
  const words = wordsOf(name);
  const promise = promiseOf(words);
  if (promise === "harmless" || (promise === "none" && value.length > LONGEST_UNNAMED)) return null;
  const service = serviceFor(before, words);
  if (!assigned) return besides(value, promiseOf(words.slice(-3)) === "secret", service);
  if (service !== null && (promise !== "none" || isUnmistakable(service) || isNamedAfter(service, words, value))) {
    return { entity: "API_KEY", rule: service.name, score: promise === "none" ? 0.6 : 0.8 };
  }
  if (promise === "secret") return { entity: "GENERIC_SECRET", rule: "assigned-secret", score: 0.7 };
  if (promise === "none" || value.length < SURE_KEY_LENGTH) return null;
  return { entity: "GENERIC_SECRET", rule: "assigned-key", score: isKeyAlone(name) ? 0.4 : 0.55 };
}

/** Where nothing assigns the value, the words before it on its line have to be clear, and the value long. */
function besides(value: string, secret: boolean, service: Service | null): Found | null {
  if (service !== null && (secret || (isUnmistakable(service) && !DIGEST.test(value)))) {
    return { entity: "API_KEY", rule: service.name, score: 0.6 };
  }
  const clear = secret && value.replace(/\D/g, "").length >= FEWEST_DIGITS;
  return clear ? { entity: "GENERIC_SECRET", rule: "secret-beside-name", score: 0.55 } : null;
}

function isLongKey(value: string): boolean {
  return value.length >= KEY_LENGTH && /\d/.test(value);
}

/** Names of four letters and fewer also come about by chance. */
function isUnmistakable({ name, distinct }: Service): boolean {
  return distinct && name.length > 4;
}

/** Names that are no everyday words count wherever they stand before a value, others in its own name alone. */
function serviceFor(before: string, words: readonly string[]): Service | null {
  const near = serviceIn(wordsOf(lastParagraph(before.slice(-SERVICE_REACH)), WORDS_READ));
  return near === null || near.distinct ? near : serviceIn(words);
}

function lastParagraph(text: string): string {
  return text.includes("\n") ? text.replace(PARAGRAPHS, "") : text;
}

/** Two names joined by a dot are code. */
function isMember(value: string): boolean {
  return value.length < 40 && /^[A-Za-z_]\w{1,20}\.[A-Za-z_]\w{1,20}$/.test(value);
}

/** A quoted value goes to its quote; a full stop or a slash that ends another is none of it, nor are more than two `=`. */
function valueEnd(text: string, start: number, runEnd: number): number {
  const quoted = /["'`]/.test(text.charAt(start - 1)) && text.charAt(start - 1) === text.charAt(runEnd);
  let end = runEnd;
  while (!quoted && /[.~/]/.test(text.charAt(end - 1))) end -= 1;
  const padding = /={3,}$/.exec(text.slice(Math.max(start, end - 8), end))?.[0].length ?? 0;
  return end - padding;
}
