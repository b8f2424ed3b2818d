import { partitionPoint } from "./partition-point";

/** Leads from a rewritten view of a text back to the text: between two marks both advance together. */
export interface OffsetMap {
  /** From `view` on, the view's characters stand for those from `source` on. Marks come in ascending order. */
  mark(view: number, source: number): void;
  /** Where the view's offset lies in the source; the end of the last character counts what was dropped behind it. */
  toSource(view: number): number;
}

export function createOffsetMap(): OffsetMap {
  const views = [0];
  const sources = [0];
  return Object.freeze({
    mark: (view: number, source: number): void => {
      views.push(view);
      sources.push(source);
    },
    toSource: (view: number): number => {
      const at = partitionPoint(views.length, (index) => (views[index] ?? 0) > view) - 1;
      return (sources[at] ?? 0) + view - (views[at] ?? 0);
    },
  });
}
