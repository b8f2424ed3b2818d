import { COMMON_SERVICES, DISTINCT_SERVICES } from "./service-names";

export interface Service {
  readonly name: string;
  /** Whether the name is no word of everyday language. */
  readonly distinct: boolean;
}

/** What authors add to a service's name without a separator: `stripekey`, `abyssalesecret`. */
const ADDED = /(?:api)?(?:key|token|secret|api|auth|pat|id|user|password|access)$/;

/** Names of this length may begin a word that goes on: `airtablepersonalaccess`. */
const SHORTEST_BEGINNING = 5;
const BEGINNINGS: ReadonlySet<string> = new Set(
  [...DISTINCT_SERVICES]
    .filter((name) => name.length >= SHORTEST_BEGINNING)
    .map((name) => name.slice(0, SHORTEST_BEGINNING)),
);
const MOST_WORDS = 10;
const MOST_JOINED = 3;
/** How many of the last words have a say. */
export const WORDS_READ = MOST_WORDS + MOST_JOINED - 1;
/** 1 for a name's first and last character together with its length: tells of most words that they make no name. */
const LIKELY = new Uint8Array(1 << 17);
for (const name of [...DISTINCT_SERVICES, ...COMMON_SERVICES]) LIKELY[likeness(name, name, name.length)] = 1;

/** The service that the last words name, the last first; names of two and three words too. Null for none. */
export function serviceIn(words: readonly string[]): Service | null {
  let common: Service | null = null;
  for (let end = words.length; end > Math.max(0, words.length - MOST_WORDS); end--) {
    const last = words[end - 1] ?? "";
    let length = 0;
    for (let start = end - 1; start >= Math.max(0, end - MOST_JOINED); start--) {
      const first = words[start] ?? "";
      length += first.length;
      const likely = LIKELY[likeness(first, last, length)] === 1;
      const named = likely ? nameOf(words.slice(start, end).join("")) : null;
      const found = named ?? (start === end - 1 ? longerNameOf(last) : null);
      // "The hive API": a word for everyday things names a service here.
      if (found !== null && (found.distinct || words[end] === "api")) return { name: found.name, distinct: true };
      common ??= found;
    }
  }
  return common;
}

function likeness(first: string, last: string, length: number): number {
  return ((first.charCodeAt(0) & 63) << 11) | ((last.charCodeAt(last.length - 1) & 63) << 5) | (length & 31);
}

/** Of a word that a service's name begins. */
function longerNameOf(word: string): Service | null {
  if (word.length <= 3) return null;
  return nameOf(word.replace(ADDED, "")) ?? beginningOf(word);
}

function beginningOf(word: string): Service | null {
  if (!BEGINNINGS.has(word.slice(0, SHORTEST_BEGINNING))) return null;
  for (let length = word.length - 1; length >= SHORTEST_BEGINNING; length--) {
    const name = word.slice(0, length);
    if (DISTINCT_SERVICES.has(name)) return { name, distinct: true };
  }
  return null;
}

function nameOf(name: string): Service | null {
  if (DISTINCT_SERVICES.has(name)) return { name, distinct: true };
  return COMMON_SERVICES.has(name) ? { name, distinct: false } : null;
}

/** What else a name has whose value belongs to the service's credentials. */
const PARTS_OF_NAME: ReadonlySet<string> = new Set(
  "client id app application user account access consumer org organization workspace project my".split(" "),
);

/** `box = "…"`, `box_client_id = "…"`: nothing but the service's name, before a value as long as keys are. */
export function isNamedAfter(service: Service, words: readonly string[], value: string): boolean {
  if (value.length < 14) return false;
  const others = words.filter((word) => !service.name.includes(word));
  return words.length > 0 && others.join("") !== "id" && others.every((word) => PARTS_OF_NAME.has(word));
}
