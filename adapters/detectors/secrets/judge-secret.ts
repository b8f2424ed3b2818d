import type { Finding } from "../../../lib/ports/detector";
import type { Assignment } from "./assignment";
import { isKeyAlone, promiseOf } from "./name-of-secret";
import { isNamedAfter, serviceIn, WORDS_READ, type Service } from "./service-in";
import { wordsOf } from "./words-of";

export type FoundSecret = Pick<Finding, "entity" | "rule" | "score">;

/** How far before a value its service's name begins. */
export const SERVICE_REACH = 56;
/** All but the last paragraph: names are not made of words from two. */
const PARAGRAPHS = /^[^]*\n[ \t]*\r?\n/;
const LONGEST_UNNAMED = 200;
/** Values that are only near a name, and values with a weak name, have to be as long as keys are. */
const KEY_LENGTH = 16;
const SURE_KEY_LENGTH = 20;
const FEWEST_DIGITS = 3;
/** What commits, files and keys are known by. */
const DIGEST = /^(?:[0-9a-f]{40}|[0-9A-F]{40}|[0-9a-f]{64})$/;
/** `index 04f0530..b549688`: what stands below a file's name in every diff. */
const FROM_TO = /^[0-9a-f]{7,40}\.{2,3}[0-9a-f]{7,40}$/;

/**
 * What a random value is, by what it is assigned to and by the text before it; null there where no service can be named in it.
 */
export function judgeSecret(value: string, { name, assigned }: Assignment, before: string | null): FoundSecret | null {
  if (!assigned && (!isLongKey(value) || FROM_TO.test(value))) return null;
  const words = wordsOf(name);
  const promise = promiseOf(words);
  if (promise === "harmless" || (promise === "none" && value.length > LONGEST_UNNAMED)) return null;
  const service = before === null ? null : serviceFor(before, words);
  if (!assigned) return besides(value, promiseOf(words.slice(-3)) === "secret", service);
  if (service !== null && (promise !== "none" || isUnmistakable(service) || isNamedAfter(service, words, value))) {
    return { entity: "API_KEY", rule: service.name, score: promise === "none" ? 0.6 : 0.8 };
  }
  if (promise === "secret") return { entity: "GENERIC_SECRET", rule: "assigned-secret", score: 0.7 };
  if (promise === "none" || value.length < SURE_KEY_LENGTH) return null;
  return { entity: "GENERIC_SECRET", rule: "assigned-key", score: isKeyAlone(name) ? 0.4 : 0.55 };
}

/** Where nothing assigns the value, the words before it on its line have to be clear, and the value long. */
function besides(value: string, secret: boolean, service: Service | null): FoundSecret | null {
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
