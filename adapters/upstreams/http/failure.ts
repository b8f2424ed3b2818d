import { Denial } from "../../../lib/denial";

const TIMEOUTS = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);
/** Of the HTTP parser, zlib (Z, and ERR with Brotli's own words), and undici's checks of an answer's form. */
const MALFORMED = /^(HPE_|HTTPParserError|Z_|ERR__|ERR_BROTLI|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES)/;

/** Throws the reason of an abort; else the Denial that says which way the provider failed. */
export function upstreamFailure(thrown: unknown, signal: AbortSignal): Denial {
  signal.throwIfAborted();
  if (thrown instanceof Denial) return thrown;
  const fault = faultName(thrown);
  if (TIMEOUTS.has(fault)) return new Denial("upstream_timeout", { reason: "upstream_timeout", detail: fault });
  if (MALFORMED.test(fault)) return malformed(fault);
  return new Denial("upstream_unavailable", { reason: "upstream_unavailable", detail: fault });
}

/**
 * The error's code, else its name. The error itself goes no further, not as a cause either: the HTTP parser's carries
 * the bytes it stumbled over, which are answer text. Told by shape, not class: Jest gives each suite an `Error` of its own.
 */
function faultName(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return "unknown";
  if ("code" in thrown && typeof thrown.code === "string") return thrown.code;
  return "name" in thrown && typeof thrown.name === "string" ? thrown.name : "unknown";
}

export function emptyAnswer(detail: string): Denial {
  return new Denial("upstream_empty_body", { reason: "upstream_empty_body", detail });
}

export function malformed(detail: string): Denial {
  return new Denial("upstream_unavailable", { reason: "upstream_malformed", detail });
}
