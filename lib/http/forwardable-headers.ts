import type { HeaderLines } from "../answer";

const CREDENTIALS = ["authorization", "x-api-key", "proxy-authorization"];

/** RFC 9110 §7.6.1, and what a forwarded message gets anew. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
  "host",
  "content-length",
  "content-encoding",
  "content-type",
  "expect",
];

/** What would let an answer come back partial, conditional or compressed, so that it could not be inspected. */
const ANSWER_SHAPING = ["range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];

const NEVER_FORWARDED = new Set([
  ...CREDENTIALS,
  ...HOP_BY_HOP,
  ...ANSWER_SHAPING,
  "cookie",
  "accept-encoding",
  "x-request-id",
]);

const HIDDEN_FROM_HOST = new Set([...CREDENTIALS, ...ANSWER_SHAPING]);

/** The header lines that may go upstream, in order; fields that `Connection` names are hop-by-hop too. */
export function forwardableHeaders(rawHeaders: readonly string[]): HeaderLines {
  const lines = headerLines(rawHeaders);
  const nominated = new Set(
    lines
      .filter(([name]) => name.toLowerCase() === "connection")
      .flatMap(([, value]) => value.toLowerCase().split(","))
      .map((name) => name.trim()),
  );
  return lines.filter(([name]) => {
    const field = name.toLowerCase();
    return !NEVER_FORWARDED.has(field) && !nominated.has(field);
  });
}

/**
 * Takes credentials and answer-shaping fields away from the host's handler: from `headers`, and from `rawHeaders`
 * in place. The answer must come uncompressed to be inspected, so `accept-encoding` says identity.
 */
export function hideFromHost(req: {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly rawHeaders: string[];
}): void {
  const kept = headerLines(req.rawHeaders).filter(([name]) => {
    const field = name.toLowerCase();
    return !HIDDEN_FROM_HOST.has(field) && field !== "accept-encoding";
  });
  for (const field of HIDDEN_FROM_HOST) Reflect.deleteProperty(req.headers, field);
  req.headers["accept-encoding"] = "identity";
  req.rawHeaders.splice(0, Infinity, ...kept.flat(), "Accept-Encoding", "identity");
}

function headerLines(rawHeaders: readonly string[]): HeaderLines {
  return Array.from({ length: rawHeaders.length / 2 }, (_, line) => [
    rawHeaders[line * 2] ?? "",
    rawHeaders[line * 2 + 1] ?? "",
  ]);
}
