import { ConfigurationError } from "../denial";
import { plainPath } from "./plain-path";

/** Which paths the gate answers for: those below its prefix, and those that look so to somebody. */
export interface GuardedArea {
  /** As configured. */
  readonly prefix: string;
  /** The part below the prefix, `""` for the prefix itself; null for a path that is not written below it. */
  below(path: string): string | null;
  /** A normalising proxy or handler could take it for a path below the prefix. */
  looksBelow(path: string, odd: boolean): boolean;
  /** The part below the prefix as normalisers may see it, lower case: `/messages`. */
  plainBelow(path: string): string;
  /** One of the host's own paths below the prefix, or a path below that. */
  isUnguarded(path: string): boolean;
}

const PREFIX = /^(?:\/[A-Za-z0-9._~-]*[A-Za-z0-9_~-])+$/;

/** Throws ConfigurationError for a prefix or an `unguarded` entry that cannot be meant. */
export function guardedArea(prefix: string, unguarded: readonly string[]): GuardedArea {
  if (!PREFIX.test(prefix)) throw invalidPrefix(prefix);
  const start = prefix.toLowerCase();
  const segments = start.split("/").slice(1);
  const own = unguarded.map((path) => ownPath(path, prefix));
  return Object.freeze({
    prefix,
    below: (path: string) => (isAtOrBelow(path.toLowerCase(), start) ? path.slice(start.length) : null),
    looksBelow(path: string, odd: boolean) {
      const plain = plainPath(path);
      if (plain === null || startsWith(plain.segments, segments)) return true;
      return (plain.climbs || plain.namesHost || odd) && contains(plain.segments, segments);
    },
    plainBelow(path: string) {
      const plain = plainPath(path)?.segments ?? [];
      const first = plain.indexOf(segments.at(-1) ?? "") + 1;
      return `/${plain.slice(first).join("/")}`;
    },
    isUnguarded(path: string) {
      const lower = path.toLowerCase();
      return own.some((entry) => isAtOrBelow(lower, entry)) && plainPath(path)?.climbs === false;
    },
  });
}

function isAtOrBelow(path: string, start: string): boolean {
  return path.startsWith(start) && (path.length === start.length || path[start.length] === "/");
}

function startsWith(segments: readonly string[], start: readonly string[]): boolean {
  return start.every((segment, index) => segments[index] === segment);
}

/** In order, others between them: what is left when `..` takes some away. */
function contains(segments: readonly string[], wanted: readonly string[]): boolean {
  let found = 0;
  for (const segment of segments) if (segment === wanted[found]) found += 1;
  return found === wanted.length;
}

function withoutTrailingSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

function ownPath(path: string, prefix: string): string {
  const entry = withoutTrailingSlash(path).toLowerCase();
  const below = isAtOrBelow(entry, prefix.toLowerCase()) && entry.length > prefix.length;
  if (below && PREFIX.test(entry)) return entry;
  throw new ConfigurationError(
    "invalid_unguarded",
    `unguarded: ${JSON.stringify(path)} is not a plain path below the prefix. Write the host's own paths in full, ` +
      `like "${prefix}/users"; paths outside ${prefix} are never guarded and need no entry.`,
  );
}

function invalidPrefix(prefix: string): ConfigurationError {
  return new ConfigurationError(
    "invalid_prefix",
    `prefix: ${JSON.stringify(prefix)} is not a path. Write one or more plain segments without a trailing slash, ` +
      'like "/v1" or "/llm/v1".',
  );
}
