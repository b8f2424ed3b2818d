/** A run of ASCII digits. */
export interface DigitGroup {
  readonly start: number;
  readonly end: number;
}

/** What makes a cluster of runs of digits. */
interface Clustering {
  /** What may stand between two runs that belong together, and how much of it. */
  readonly separators: Separators;
  readonly widestGap: number;
  readonly leastDigits: number;
}

/** For every ASCII character whether it separates. */
type Separators = Uint8Array;

export function separatorsOf(characters: string): Separators {
  const separators = new Uint8Array(128);
  for (const character of characters) separators[character.charCodeAt(0)] = 1;
  return separators;
}

type Cluster = readonly DigitGroup[];

/** Runs of digits that belong together, where there are enough of them; in order. */
export function digitClusters(text: string, clustering: Clustering): readonly Cluster[] {
  const clusters: Cluster[] = [];
  eachDigitCluster(text, clustering, (cluster) => clusters.push(cluster));
  return clusters;
}

/** Calls `visit` for each of them: what was visited needs not be kept. */
export function eachDigitCluster(
  text: string,
  { separators, widestGap, leastDigits }: Clustering,
  visit: (cluster: Cluster) => void,
): void {
  let digits = 0;
  let start = 0;
  let end = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    if (isDigit(code)) {
      if (digits === 0) start = at;
      digits += 1;
      end = at + 1;
    } else if (digits > 0 && (at - end >= widestGap || code === 0 || separators[code] !== 1)) {
      if (digits >= leastDigits) visit(groupsOf(text, start, end));
      digits = 0;
    }
  }
}

function groupsOf(text: string, from: number, until: number): readonly DigitGroup[] {
  const groups: DigitGroup[] = [];
  let start = from;
  for (let at = from + 1; at <= until; at++) {
    const digit = at < until && isDigit(text.charCodeAt(at));
    if (digit && start === -1) start = at;
    if (digit || start === -1) continue;
    groups.push({ start, end: at });
    start = -1;
  }
  return groups;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
