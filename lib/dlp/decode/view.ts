/** A text as detectors are to read it: the text itself, or what an encoding in it stands for. */
export interface View {
  readonly text: string;
  /** Where in the original `[start, end)` stands; null where it is cut off by the view's own edge. */
  place(start: number, end: number): { readonly start: number; readonly end: number } | null;
}
