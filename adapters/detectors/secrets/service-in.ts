import { COMMON_SERVICES, DISTINCT_SERVICES } from "./service-names";

export interface Service {
  readonly name: string;
  /** Whether the name is no word of everyday language. */
  readonly distinct: boolean;
}

/** What authors add to a service's name without a separator: `stripekey`, `abyssalesecret`. */
const ADDED = /(?:api)?(?:key|token|secret|api|auth|pat|id|user|password|access)$/;

const ADDED_END: ReadonlySet<string> = new Set(["ey", "en", "et", "pi", "th", "at", "id", "er", "rd", "ss"]);
const MOST_WORDS = 8;

/** The service that the last words name, the last first; names of two and three words too. Null for none. */
export function serviceIn(words: readonly string[]): Service | null {
  let common: Service | null = null;
  for (let end = words.length; end > Math.max(0, words.length - MOST_WORDS); end--) {
    let joined = "";
    for (let start = end - 1; start >= Math.max(0, end - 3); start--) {
      joined = (words[start] ?? "") + joined;
      const found = serviceOf(joined);
      if (found?.distinct === true) return found;
      common ??= found;
    }
  }
  return common;
}

function serviceOf(joined: string): Service | null {
  return nameOf(joined) ?? (ADDED_END.has(joined.slice(-2)) ? nameOf(joined.replace(ADDED, "")) : null);
}

function nameOf(name: string): Service | null {
  if (DISTINCT_SERVICES.has(name)) return { name, distinct: true };
  return COMMON_SERVICES.has(name) ? { name, distinct: false } : null;
}
