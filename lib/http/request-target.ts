/** A request target as received, taken apart as Express does; nothing is decoded. */
export interface RequestTarget {
  /** Without query and fragment. */
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
  /** Neither origin form nor absolute form: parsers disagree about where its path begins. */
  readonly odd: boolean;
}

/** A backslash ends the authority for parsers that take it for a slash. */
const ABSOLUTE_FORM = /^[a-z][a-z0-9+.-]*:\/\/[^/\\?#]*/i;

export function splitTarget(target: string): RequestTarget {
  const fragment = target.indexOf("#");
  const sent = fragment === -1 ? target : target.slice(0, fragment);
  const local = sent.replace(ABSOLUTE_FORM, "");
  const mark = local.indexOf("?");
  const path = mark === -1 ? local : local.slice(0, mark);
  const absolute = local !== sent;
  return {
    path: path === "" && absolute ? "/" : path,
    query: mark === -1 ? "" : local.slice(mark),
    odd: !path.startsWith("/") && !(path === "" && absolute),
  };
}
