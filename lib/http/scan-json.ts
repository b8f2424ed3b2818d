import { Denial } from "../denial";
import * as json from "./json-tokens";
import { memberNames, type MemberNames } from "./member-names";

/** A gate needs no deeper document, and deeper ones are where parsers differ or overflow. */
export const MAX_DEPTH = 64;

interface Scan {
  readonly bytes: Uint8Array;
  readonly names: MemberNames;
  /** The closing bracket of every container that is open. */
  readonly open: number[];
}

const END = -1;

/**
 * One pass over valid UTF-8: RFC 8259 grammar, no member name twice in one object, depth of at most 64, nothing after
 * the value. Keeps its own stack, so that depth cannot overflow the machine's. Throws Denial `invalid_body`.
 */
export function scanJson(bytes: Uint8Array): void {
  const scan: Scan = { bytes, names: memberNames(bytes), open: [] };
  let at = json.skipBlank(bytes, 0);
  do at = nextValue(scan, endOfLeaf(scan, at));
  while (at !== END);
}

/** Opens containers until a scalar or an empty container ends; the byte after it. */
function endOfLeaf(scan: Scan, from: number): number {
  let at = from;
  for (;;) {
    const byte = scan.bytes[at];
    if (byte !== json.OPEN_OBJECT && byte !== json.OPEN_ARRAY) return json.endOfScalar(scan.bytes, at);
    const closing = openContainer(scan, byte);
    at = json.skipBlank(scan.bytes, at + 1);
    if (scan.bytes[at] === closing) return closeContainer(scan, at);
    if (closing === json.CLOSE_OBJECT) at = memberValue(scan, at);
  }
}

/** Closes containers until one goes on; where its next value starts, or END after the last byte. */
function nextValue(scan: Scan, from: number): number {
  let at = from;
  for (;;) {
    at = json.skipBlank(scan.bytes, at);
    const closing = scan.open[scan.open.length - 1];
    if (closing === undefined) {
      if (at < scan.bytes.length) throw json.invalidJson();
      return END;
    }
    if (scan.bytes[at] === json.COMMA) {
      at = json.skipBlank(scan.bytes, at + 1);
      return closing === json.CLOSE_OBJECT ? memberValue(scan, at) : at;
    }
    if (scan.bytes[at] !== closing) throw json.invalidJson();
    at = closeContainer(scan, at);
  }
}

/** From a member's name to its value. */
function memberValue(scan: Scan, at: number): number {
  const { bytes, names } = scan;
  if (bytes[at] !== json.QUOTE) throw json.invalidJson();
  const end = json.closingQuote(bytes, at + 1);
  names.add(at + 1, end);
  const colon = json.skipBlank(bytes, end + 1);
  if (bytes[colon] !== json.COLON) throw json.invalidJson();
  return json.skipBlank(bytes, colon + 1);
}

function openContainer(scan: Scan, opening: number): number {
  if (scan.open.length === MAX_DEPTH) throw new Denial("invalid_body", { reason: "too_deep" });
  const closing = opening === json.OPEN_OBJECT ? json.CLOSE_OBJECT : json.CLOSE_ARRAY;
  scan.open.push(closing);
  if (closing === json.CLOSE_OBJECT) scan.names.openObject();
  return closing;
}

function closeContainer(scan: Scan, at: number): number {
  if (scan.open.pop() === json.CLOSE_OBJECT) scan.names.closeObject();
  return at + 1;
}
