import { crc32 } from "node:zlib";

/** The one member of a gzip file: its deflated data, and a check of what comes out. */
export interface GzipMember {
  readonly deflated: Uint8Array;
  isSumOf(inflated: Uint8Array): boolean;
}

const FIXED_BYTES = 10;
const TRAILER_BYTES = 8;
const FLAG = { headerSum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 };

/**
 * RFC 1952 taken strictly: exactly one member, nothing after it. Node's own gunzip reads on into further members and
 * passes over padding, so that two readers could see two bodies. Null for what is not a gzip member.
 */
export function splitGzipMember(bytes: Uint8Array): GzipMember | null {
  const start = endOfHeader(bytes);
  const end = bytes.length - TRAILER_BYTES;
  if (start === null || start > end) return null;
  const trailer = Buffer.from(bytes.buffer, bytes.byteOffset + end, TRAILER_BYTES);
  return {
    deflated: bytes.subarray(start, end),
    isSumOf: (inflated) =>
      trailer.readUInt32LE(0) === crc32(inflated) && trailer.readUInt32LE(4) === inflated.length % 2 ** 32,
  };
}

function endOfHeader(bytes: Uint8Array): number | null {
  const flags = bytes[3] ?? 0;
  const known = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8 && (flags & FLAG.reserved) === 0;
  if (!known) return null;
  let at = FIXED_BYTES;
  if (flags & FLAG.extra) at += 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
  if (flags & FLAG.name) at = afterZero(bytes, at);
  if (flags & FLAG.comment) at = afterZero(bytes, at);
  if ((flags & FLAG.headerSum) === 0) return at;
  const sum = (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
  return sum === (crc32(bytes.subarray(0, at)) & 0xffff) ? at + 2 : null;
}

/** Past the end, and so refused, when there is no zero. */
function afterZero(bytes: Uint8Array, from: number): number {
  const zero = bytes.indexOf(0, from);
  return zero === -1 ? bytes.length + 1 : zero + 1;
}
