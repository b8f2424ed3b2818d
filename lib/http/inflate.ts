import * as zlib from "node:zlib";
import type { Transform } from "node:stream";
import { byteCollector } from "./byte-collector";
import { splitGzipMember } from "./gzip-member";

/** Content codings that this Node undoes. */
export const CONTENT_CODINGS = ["gzip", "br", ...("createZstdDecompress" in zlib ? ["zstd"] : [])] as readonly Coding[];
export type Coding = "gzip" | "br" | "zstd";

/** `broken`: not exactly one complete member. `too_large`: more than the limit comes out. */
export type Inflated = { readonly bytes: Uint8Array } | { readonly failure: "broken" | "too_large" };

const CHUNK_BYTES = 64 * 1024;
/** What is kept while it is not known whether more than the limit follows. */
const KEPT_BYTES = 1024 * 1024;
/** RFC 9659: the window that zstd as a content coding may need. */
const ZSTD_WINDOW = { params: { 100: 23 } };

type Engine = Transform & { readonly bytesWritten: number };

/**
 * Undoes one coding of bytes that are there as a whole, and stops at the first byte above `maxBytes`. Above 1 MiB it
 * counts before it keeps anything: a bomb never occupies more than that.
 */
export async function inflate(coding: Coding, bytes: Uint8Array, maxBytes: number): Promise<Inflated> {
  const member = coding === "gzip" ? splitGzipMember(bytes) : null;
  if (coding === "gzip" && !member) return { failure: "broken" };
  const packed = member?.deflated ?? bytes;
  const measured = await run(coding, packed, maxBytes, KEPT_BYTES);
  if ("failure" in measured) return measured;
  const whole =
    measured.bytes.length === measured.total ? measured : await run(coding, packed, maxBytes, measured.total);
  if ("failure" in whole) return whole;
  return member && !member.isSumOf(whole.bytes) ? { failure: "broken" } : { bytes: whole.bytes };
}

type Run = { readonly bytes: Uint8Array; readonly total: number } | { readonly failure: "broken" | "too_large" };

/** Inflates once; what comes out is kept only while it is not more than `keep`. */
async function run(coding: Coding, packed: Uint8Array, maxBytes: number, keep: number): Promise<Run> {
  const engine = createEngine(coding);
  const kept = byteCollector();
  let total = 0;
  engine.end(packed);
  try {
    for await (const chunk of engine as AsyncIterable<Uint8Array>) {
      total += chunk.length;
      if (total > maxBytes) return { failure: "too_large" };
      if (total > keep) kept.take();
      else kept.add(chunk);
    }
  } catch {
    return { failure: "broken" };
  } finally {
    engine.destroy();
  }
  const trailing = engine.bytesWritten !== packed.length;
  return trailing ? { failure: "broken" } : { bytes: kept.take(), total };
}

function createEngine(coding: Coding): Engine {
  const options = { chunkSize: CHUNK_BYTES };
  if (coding === "gzip") return zlib.createInflateRaw(options);
  if (coding === "br") return zlib.createBrotliDecompress(options);
  return (zlib as unknown as ZstdCapable).createZstdDecompress({ ...options, ...ZSTD_WINDOW });
}

/** Node 22.15 and later; the type definitions of the oldest Node that is supported do not have it. */
interface ZstdCapable {
  createZstdDecompress(options: object): Engine;
}
