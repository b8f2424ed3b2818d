import { wholeEscapes } from "./decode/json-escapes";
import type { View } from "./decode/view";
import type { Detector, Finding } from "../ports/detector";
import type { Search } from "./find-candidates";
import { viewsOf } from "./views";

/** One text under search; what is known of it is not searched for again. Offsets are of the text as it was written. */
export interface SearchedText {
  /** In all that the text stands for. `asWritten`: in the text as it was written, too. */
  findings(detector: Detector, asWritten: boolean): Promise<readonly Finding[]>;
  /** Phrases that excuse findings. One that is encoded excuses nothing: what is found beside it has the same place. */
  phrases(detector: Detector): Promise<readonly Finding[]>;
}

export function searchedText(text: string, { budget, memory, ahead }: Search): SearchedText {
  const known = memory?.of(text);
  let read: readonly View[] | null = null;
  const views = (): readonly View[] => (read ??= viewsOf(text).filter((view) => view.text !== ""));

  async function search(detector: Detector, within: readonly View[], asWritten: boolean): Promise<readonly Finding[]> {
    const found: Finding[] = [];
    for (const view of within) {
      const findings = ahead?.of(detector, view.text) ?? (await budget.run(detector, view.text));
      found.push(...findings.flatMap((finding) => inSource(finding, view)));
    }
    // An operator's rule is written with the text in mind as people see it.
    if (!asWritten || views()[0]?.text === text) return found;
    const written = { text, place: (start: number, end: number) => wholeEscapes(text, start, end) };
    found.push(...(await budget.run(detector, text)).flatMap((finding) => inSource(finding, written)));
    return found;
  }

  async function remembered(detector: Detector, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
    const before = known?.get(detector);
    if (before !== undefined) return before;
    const findings = await look();
    known?.set(detector, findings);
    return findings;
  }

  return {
    findings: (detector, asWritten) => remembered(detector, () => search(detector, views(), asWritten)),
    phrases: (detector) => remembered(detector, () => search(detector, views().slice(0, 1), true)),
  };
}

function inSource({ entity, rule, score, context, ...finding }: Finding, view: View): readonly Finding[] {
  const place = view.place(finding.start, finding.end);
  if (place === null) return [];
  return [{ entity, rule, score, ...place, ...(context === undefined ? null : { context }) }];
}
