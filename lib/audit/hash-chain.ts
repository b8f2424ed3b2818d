import { hash } from "node:crypto";

/**
 * The chain, format 1. Of one node's records, in the order of `seq` from 1:
 *
 *   h(0) = 32 zero bytes
 *   h(i) = SHA-256( text(DOMAIN) ‖ h(i-1) ‖ text(node) ‖ text(boot) ‖ u64(seq) ‖ u64(length of record) ‖ record )
 *
 * text(s) = u32(length of UTF-8) ‖ UTF-8; u32 and u64 are big-endian; `record` is the canonical bytes (canonical.ts).
 * Every part has a fixed or a stated length, so that no two different inputs give the same bytes to hash.
 */
export const CHAIN_DOMAIN = "express-llm-gate/audit/1";

/** h(0) */
export const GENESIS: Uint8Array = new Uint8Array(32);

export function linkHash(previous: Uint8Array, node: string, boot: string, seq: number, record: Uint8Array): Buffer {
  const place = placeOf(node, boot);
  const bytes = reused(linkSize(place, record.length));
  bytes.set(record, writePlace(bytes, previous, place, seq, record.length));
  return hash("sha256", bytes, "buffer");
}

/** A record's bytes and its link, of its canonical text: the bytes are written once, where they are hashed. */
export function linkText(
  previous: Uint8Array,
  node: string,
  boot: string,
  seq: number,
  text: string,
): { readonly bytes: Uint8Array; readonly link: Uint8Array } {
  const size = Buffer.byteLength(text, "utf8");
  const place = placeOf(node, boot);
  const bytes = Buffer.allocUnsafe(linkSize(place, size));
  bytes.write(text, writePlace(bytes, previous, place, seq, size), "utf8");
  return { bytes: bytes.subarray(bytes.length - size), link: hash("sha256", bytes, "buffer") };
}

/** Of what is hashed. */
function linkSize(place: Uint8Array, size: number): number {
  return DOMAIN.length + GENESIS.length + place.length + 16 + size;
}

/** Writes what comes before the record; gives the offset behind it. */
function writePlace(bytes: Buffer, previous: Uint8Array, place: Uint8Array, seq: number, size: number): number {
  if (previous.length !== GENESIS.length)
    throw new RangeError(`a link has ${GENESIS.length} bytes, not ${previous.length}`);
  let end = 0;
  for (const part of [DOMAIN, previous, place]) {
    bytes.set(part, end);
    end += part.length;
  }
  return writeU64(bytes, size, writeU64(bytes, seq, end));
}

let scratch = Buffer.alloc(0);

/** Memory that nobody keeps: verifying a long chain makes none for each link. */
function reused(size: number): Buffer {
  if (scratch.length < size) scratch = Buffer.allocUnsafe(2 * size);
  return scratch.subarray(0, size);
}

/** Exact for every safe integer. */
function writeU64(bytes: Buffer, value: number, at: number): number {
  return bytes.writeUInt32BE(value % 2 ** 32, bytes.writeUInt32BE(Math.floor(value / 2 ** 32), at));
}

function text(value: string): Uint8Array {
  const length = Buffer.byteLength(value, "utf8");
  const bytes = Buffer.allocUnsafe(4 + length);
  bytes.writeUInt32BE(length, 0);
  bytes.write(value, 4, "utf8");
  return bytes;
}

const DOMAIN = text(CHAIN_DOMAIN);

/** Most links of a chain are of the node and boot of the one before. */
let latest = { node: "", boot: "", bytes: placeBytes("", "") };

function placeOf(node: string, boot: string): Uint8Array {
  if (latest.node !== node || latest.boot !== boot) latest = { node, boot, bytes: placeBytes(node, boot) };
  return latest.bytes;
}

function placeBytes(node: string, boot: string): Uint8Array {
  return Buffer.concat([text(node), text(boot)]);
}
