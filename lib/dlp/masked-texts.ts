import type { KeptText } from "../audit/content/kept-texts";
import type { TextSpan } from "../ports/protocol";
import type { Inspection, LocatedFinding } from "./engine";
import { placeholderOf } from "./redact";

/**
 * The texts as they may be kept: those that were edited as they go on, and every finding elsewhere (in a call that is
 * stopped, and where text must not be rewritten) behind its placeholder. What policy only reports stays.
 */
export function maskedTexts(
  spans: readonly TextSpan[],
  { edits, findings }: Pick<Inspection, "edits" | "findings">,
): readonly KeptText[] {
  const edited = new Map(edits.map(({ index, text }) => [index, text]));
  const found = byIndex(findings.filter(({ action }) => action !== "report"));
  return spans.map(({ role, text }, index) => ({
    role,
    text: edited.get(index) ?? maskedText(text, found.get(index) ?? []),
  }));
}

function byIndex(findings: readonly LocatedFinding[]): ReadonlyMap<number, readonly LocatedFinding[]> {
  const found = new Map<number, LocatedFinding[]>();
  for (const finding of findings) {
    const others = found.get(finding.index);
    if (others === undefined) found.set(finding.index, [finding]);
    else others.push(finding);
  }
  return found;
}

/** The text with a placeholder for every finding, whatever their actions. */
export function maskedText(text: string, findings: readonly LocatedFinding[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { entity, start, end } of [...findings].sort((one, other) => one.start - other.start)) {
    if (end <= from) continue;
    parts.push(text.slice(from, Math.max(from, start)), placeholderOf(entity));
    from = end;
  }
  return [...parts, text.slice(from)].join("");
}
