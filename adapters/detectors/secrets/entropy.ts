const counts = new Uint32Array(128);
/** For texts up to this length what each count of a character adds is reckoned once. */
const LONGEST_KNOWN = 64;
const KNOWN = new Float64Array((LONGEST_KNOWN + 1) ** 2);
for (let length = 1; length <= LONGEST_KNOWN; length++) {
  for (let count = 1; count <= length; count++) KNOWN[length * (LONGEST_KNOWN + 1) + count] = termOf(count, length);
}

/** Shannon entropy of the characters, in bits per character. */
export function entropyOf(text: string): number {
  const { length } = text;
  counts.fill(0);
  for (let at = 0; at < length; at++) counts[text.charCodeAt(at) & 127] = (counts[text.charCodeAt(at) & 127] ?? 0) + 1;
  let entropy = 0;
  for (const count of counts) {
    if (count === 0) continue;
    entropy -= length <= LONGEST_KNOWN ? (KNOWN[length * (LONGEST_KNOWN + 1) + count] ?? 0) : termOf(count, length);
  }
  return entropy;
}

function termOf(count: number, length: number): number {
  return (count / length) * Math.log2(count / length);
}
