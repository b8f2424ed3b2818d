/** A run of ASCII digits. */
export interface DigitGroup {
  readonly start: number;
  readonly end: number;
}

/** All runs of digits, in order. */
export function digitGroups(text: string): readonly DigitGroup[] {
  const groups: DigitGroup[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    const digit = code >= 48 && code <= 57;
    if (digit && start === -1) start = at;
    if (digit || start === -1) continue;
    groups.push({ start, end: at });
    start = -1;
  }
  return groups;
}
