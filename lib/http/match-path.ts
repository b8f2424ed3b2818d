import type { Operation } from "../ports/protocol";

/** The operations of one path, and where it leads. */
export interface PathMatch<Owner> {
  readonly owner: Owner;
  readonly operations: readonly Operation[];
  readonly params: Readonly<Record<string, string>>;
  /** Below the prefix: fixed segments as in the table, parameters encoded in one way only. */
  readonly canonical: string;
}

/** Matches a path below the prefix; null for what the table does not have. */
export type PathMatcher<Owner> = (path: string) => PathMatch<Owner> | null;

interface Pattern<Owner> {
  readonly owner: Owner;
  readonly path: string;
  readonly segments: readonly string[];
  readonly operations: Operation[];
}

/** `{id}` is one segment; `{+id}`, last in its path, may hold slashes, encoded or not (RFC 6570's reserved expansion). */
const PARAMETER = /^\{(\+?)(\w+)\}$/;
const PRINTABLE_ASCII = /^[\x21-\x7e]*$/;
/** In a decoded parameter: what ends, escapes or hides a segment somewhere. */
const SUSPECT = /[\\?#%;\p{C}\p{Z}\p{DI}\ufffd]/u;
const NEEDS_ENCODING = /[^A-Za-z0-9\-._~!$&'()*+,=:@]+/gu;

/** Fixed segments are compared without case, as Express routes; one trailing slash is tolerated. A fixed path wins over one with parameters. */
export function pathMatcher<Owner>(
  table: readonly { readonly owner: Owner; readonly operations: readonly Operation[] }[],
): PathMatcher<Owner> {
  const patterns = new Map<string, Pattern<Owner>>();
  for (const { owner, operations } of table) {
    for (const operation of operations) addOperation(patterns, owner, operation);
  }
  const parametric = [...patterns.values()].filter(({ path }) => path.includes("{"));
  return (path) => {
    if (!PRINTABLE_ASCII.test(path)) return null;
    const bare = path.endsWith("/") ? path.slice(0, -1) : path;
    const fixed = bare.includes("{") ? undefined : patterns.get(bare.toLowerCase());
    if (fixed) return { ...fixed, params: {}, canonical: fixed.path };
    return firstMatch(parametric, bare.split("/").slice(1));
  };
}

function addOperation<Owner>(patterns: Map<string, Pattern<Owner>>, owner: Owner, operation: Operation): void {
  const { path } = operation;
  const known = patterns.get(path.toLowerCase());
  if (known) known.operations.push(operation);
  else patterns.set(path.toLowerCase(), { owner, path, segments: path.split("/").slice(1), operations: [operation] });
}

function firstMatch<Owner>(patterns: readonly Pattern<Owner>[], segments: readonly string[]): PathMatch<Owner> | null {
  for (const pattern of patterns) {
    const params = readParams(pattern.segments, segments);
    if (params) return { ...pattern, params, canonical: fill(pattern.path, params) };
  }
  return null;
}

function readParams(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const [, slashes, name] = PARAMETER.exec(expected) ?? [];
    const actual = slashes === "+" ? segments.slice(index).join("/") : (segments[index] ?? "");
    if (name === undefined) {
      if (actual.toLowerCase() !== expected.toLowerCase()) return null;
      continue;
    }
    const value = readParameter(actual, slashes === "+");
    if (value === null) return null;
    params[name] = value;
  }
  const open = pattern.at(-1)?.startsWith("{+") === true;
  return open || pattern.length === segments.length ? params : null;
}

/** Decoded once; null for what another reader could take for something else. */
function readParameter(raw: string, slashes: boolean): string | null {
  const value = decodeOnce(raw);
  if (value === null || SUSPECT.test(value)) return null;
  const parts = value.split("/");
  if (!slashes && parts.length > 1) return null;
  return parts.some((part) => part === "" || part.endsWith(".")) ? null : value;
}

function decodeOnce(raw: string): string | null {
  try {
    return decodeURIComponent(raw);
  } catch {
    return null;
  }
}

function fill(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{\+?(\w+)\}/g, (_, name: string) =>
    (params[name] ?? "").replace(NEEDS_ENCODING, encodeURIComponent),
  );
}
