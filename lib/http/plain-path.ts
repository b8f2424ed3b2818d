/** What a path may come down to behind decoding proxies. */
export interface PlainPath {
  /** Decoded, folded, without empty and dot segments; `..` is taken out and not resolved. */
  readonly segments: readonly string[];
  /** Has `..` somewhere: any of the segments may end up first. */
  readonly climbs: boolean;
  /** Begins with two slashes: for a URL parser the first segment is a host. */
  readonly namesHost: boolean;
}

/** Nobody encodes so often in good faith. */
const MAX_DECODINGS = 8;

/** No empty or dot segments, no trailing dots, nothing encoded or cut by anybody. */
const ORDINARY = /^(?:\/[A-Za-z0-9._~!$&'()*+,=:@-]*[A-Za-z0-9_~!$&'()*+,=:@-])*\/?$/;

/** Only from the first dot of the run: linear. */
const TRAILING_DOTS = /(?<!\.)\.+$/;
const ENCODED = /(?:%[0-9a-f]{2})+/gi;
const IIS_ENCODED = /%u([0-9a-f]{4})/gi;
/** Two bytes for one ASCII character, as old decoders took them. */
const OVERLONG = /[\xc0\xc1][\x80-\xbf]/g;
/** Controls, blanks, zero-width and unassigned characters, and what was not UTF-8. */
const INVISIBLE = /[\p{C}\p{Z}\p{DI}\ufffd]/gu;

/** Nothing in it for a normaliser to change, case aside. */
export function isPlainPath(path: string): boolean {
  return ORDINARY.test(path);
}

/**
 * Normalises more than any one proxy does: decodes repeatedly, folds case and compatibility forms, takes backslashes
 * for slashes, and strips path parameters, trailing dots, blanks and what cannot be seen. Null when it is encoded too
 * often to be read.
 */
export function plainPath(path: string): PlainPath | null {
  if (isPlainPath(path)) return toSegments(path);
  let text = visible(asUtf8(path));
  for (let decodings = 0; decodings < MAX_DECODINGS; decodings += 1) {
    const decoded = visible(decode(text));
    if (decoded === text) return toSegments(text);
    text = decoded;
  }
  return null;
}

function decode(text: string): string {
  return text
    .replace(IIS_ENCODED, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(ENCODED, (run) => asUtf8(Buffer.from(run.replaceAll("%", ""), "hex").toString("latin1")));
}

/** Before each decoding: what is taken out may have parted an escape, and a wide `%` may begin one. */
function visible(text: string): string {
  return text.normalize("NFKC").replace(INVISIBLE, "");
}

/** Node hands a target's bytes over one character each. */
function asUtf8(text: string): string {
  if (/[\u0100-\uffff]/.test(text)) return text;
  const bytes = text.replace(OVERLONG, (pair) =>
    String.fromCharCode(((pair.charCodeAt(0) & 1) << 6) | (pair.charCodeAt(1) & 0x3f)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function toSegments(text: string): PlainPath {
  const parts = text.toLowerCase().split(/[/\\]/).map(stripped);
  const named = parts.findIndex((part) => !isDots(part));
  return {
    segments: parts.filter((part) => !isDots(part)).map((part) => part.replace(TRAILING_DOTS, "")),
    climbs: parts.some((part) => part.length > 1 && isDots(part)),
    namesHost: parts.slice(1, named).includes(""),
  };
}

function isDots(segment: string): boolean {
  return /^\.*$/.test(segment);
}

function stripped(segment: string): string {
  return segment.replace(/[;?#].*$/, "");
}
