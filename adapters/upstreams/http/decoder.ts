import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

export const CONTENT_CODINGS = ["gzip", "br", "deflate"] as const;
export type ContentCoding = (typeof CONTENT_CODINGS)[number];

const OPENERS: Readonly<Record<ContentCoding, () => Transform>> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
};

export function openDecoder(coding: ContentCoding): Transform {
  return OPENERS[coding]();
}
