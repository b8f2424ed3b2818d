import { createHash } from "node:crypto";

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

export function linkHash(
  previous: Uint8Array,
  node: string,
  boot: string,
  seq: number,
  record: Uint8Array,
): Uint8Array {
  if (previous.length !== GENESIS.length)
    throw new RangeError(`a link has ${GENESIS.length} bytes, not ${previous.length}`);
  const hash = createHash("sha256").update(text(CHAIN_DOMAIN)).update(previous).update(text(node)).update(text(boot));
  return hash.update(u64(seq)).update(u64(record.length)).update(record).digest();
}

function text(value: string): Uint8Array {
  const length = Buffer.byteLength(value, "utf8");
  const bytes = Buffer.allocUnsafe(4 + length);
  bytes.writeUInt32BE(length, 0);
  bytes.write(value, 4, "utf8");
  return bytes;
}

function u64(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(value), 0);
  return bytes;
}
