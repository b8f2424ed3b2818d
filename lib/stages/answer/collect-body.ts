import { Denial } from "../../denial";

/** The whole body, or 502 beyond `maxBytes`: an answer that cannot be held cannot be inspected. */
export async function collectBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes)
      throw new Denial("upstream_unavailable", { reason: "upstream_malformed", detail: "answer too large" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
