import type { Detector, Finding } from "../ports/detector";
import type { Search } from "./find-candidates";
import { slicesOf } from "./slices";
import { viewsOf } from "./views";

/** What detectors that read many texts at once said of those of one inspection, before the first of them is looked at. */
export interface ReadAhead {
  of(detector: Detector, text: string): readonly Finding[] | undefined;
}

/** Null where no detector of the policy's reads many at once. Throws as a single reading does. */
export async function readAhead(texts: () => readonly string[], search: Search): Promise<ReadAhead | null> {
  const { detectors, policy, budget } = search;
  const batching = detectors.filter(
    ({ detectAll, entities }) => detectAll !== undefined && entities.some((entity) => policy.demands.has(entity)),
  );
  if (batching.length === 0) return null;
  const said = new Map<Detector, ReadonlyMap<string, readonly Finding[]>>();
  const slices = texts().flatMap((text) => Array.from(slicesOf(text), (slice) => slice.text));
  for (const detector of batching) {
    const unread = unreadViews(detector, slices, search);
    const findings = unread.length === 0 ? [] : await budget.runAll(detector, unread);
    said.set(detector, new Map(unread.map((text, index) => [text, findings[index] ?? []])));
  }
  return { of: (detector, text) => said.get(detector)?.get(text) };
}

function unreadViews(detector: Detector, slices: readonly string[], { memory }: Search): readonly string[] {
  const unread = slices.filter((text) => memory?.of(text).get(detector) === undefined);
  const views = unread.flatMap((text) => viewsOf(text).map((view) => view.text));
  return [...new Set(views)].filter((text) => text !== "");
}
