import type { HeaderLines } from "../../answer";

const LENGTH = new Set(["content-length", "transfer-encoding"]);
const DESCRIBES_BYTES = new Set(["etag", "digest", "content-digest", "repr-digest", "content-md5", "last-modified"]);

/** Without what says how long the body is. */
export function withoutLength(headers: HeaderLines): HeaderLines {
  return headers.filter(([name]) => !LENGTH.has(name.toLowerCase()));
}

/** Without what holds only for the bytes that came: their length, digests, names of versions. */
export function withoutByteHeaders(headers: HeaderLines): HeaderLines {
  return withoutLength(headers).filter(([name]) => !DESCRIBES_BYTES.has(name.toLowerCase()));
}
