import type { DigitGroup } from "./digit-clusters";

/** Two marks, a line break and what a line is indented by. */
export const WIDEST_GAP = 20;

const GAP = /^[ \t]*[-_./]{0,2}[ \t]*(?:\r\n?|\n)?[ \t]*$/;

/** Whether groups of one number may stand so far apart: spaces and at most two marks, or the end of a line, between them. */
export function isGap(between: string | null): between is string {
  return between !== null && between.length <= WIDEST_GAP && GAP.test(between);
}

/** What stands between the group at `at` and the next one; null where there are not both. */
export function gapBehind(text: string, groups: readonly DigitGroup[], at: number): string | null {
  const [group, next] = [groups[at], groups[at + 1]];
  return group === undefined || next === undefined ? null : text.slice(group.end, next.start);
}

/** Parts a cluster where more than `widest` characters stand between two groups; the cluster itself where nowhere do. */
export function splitAtGaps(cluster: readonly DigitGroup[], widest: number): readonly (readonly DigitGroup[])[] {
  const parts: (readonly DigitGroup[])[] = [];
  let from = 0;
  for (let at = 1; at < cluster.length; at++) {
    if ((cluster[at]?.start ?? 0) - (cluster[at - 1]?.end ?? 0) <= widest) continue;
    parts.push(cluster.slice(from, at));
    from = at;
  }
  return from === 0 ? [cluster] : [...parts, cluster.slice(from)];
}
