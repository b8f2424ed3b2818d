const counts = new Uint32Array(128);

/** Shannon entropy of the characters, in bits per character. */
export function entropyOf(text: string): number {
  counts.fill(0);
  for (let at = 0; at < text.length; at++)
    counts[text.charCodeAt(at) & 127] = (counts[text.charCodeAt(at) & 127] ?? 0) + 1;
  let entropy = 0;
  for (const count of counts) if (count > 0) entropy -= (count / text.length) * Math.log2(count / text.length);
  return entropy;
}
