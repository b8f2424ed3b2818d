import { headerValue, type HeaderLines } from "../../../lib/answer";
import { CONTENT_CODINGS, type ContentCoding } from "./decoder";
import { emptyAnswer, malformed } from "./failure";

const BODILESS = new Set([204, 205]);

/** Denies what no client can be given: a redirect (following it would carry the provider's key), and an answer known to be empty. */
export function refuseBadHead(status: number, headers: HeaderLines): void {
  if (status >= 300 && status < 400) throw malformed(`status ${status}`);
  if (BODILESS.has(status) || headerValue(headers, "content-length") === "0") throw emptyAnswer(`status ${status}`);
  const framing = tokens(headers, "transfer-encoding");
  if (framing.some((coding) => coding !== "chunked")) throw malformed("transfer-encoding");
}

/** How the body is coded in spite of `accept-encoding: identity`; null: not at all. More than one layer, or an unknown one, is denied. */
export function contentCoding(headers: HeaderLines): ContentCoding | null {
  const [coding, ...more] = tokens(headers, "content-encoding").filter((name) => name !== "identity");
  if (coding === undefined) return null;
  const known = CONTENT_CODINGS.find((name) => name === coding.replace(/^x-/, ""));
  if (known === undefined || more.length > 0) throw malformed("content-encoding");
  return known;
}

function tokens(headers: HeaderLines, name: string): readonly string[] {
  return headers
    .filter(([field]) => field.toLowerCase() === name)
    .flatMap(([, value]) => value.split(","))
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== "");
}
