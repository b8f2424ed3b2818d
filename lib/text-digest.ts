import { createHash } from "node:crypto";

/** SHA-256 of a text's UTF-16 units, in base64; lone surrogates tell texts apart, too. */
export function textDigest(text: string): string {
  return createHash("sha256").update(text, "utf16le").digest("base64");
}
