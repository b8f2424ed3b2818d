/** How one kind of number or code looks and what proves it. */
export interface IdentifierRule {
  readonly entity: string;
  /**
   * Shape → score that it has with nothing else to go by. In a shape `9` is a digit, `A` a letter, `X` either, `-` one
   * separator (the same at every place, a space, `-`, `.` or `/`), and everything else stands for itself.
   */
  readonly forms: Readonly<Record<string, number>>;
  /** Whether the code is one: gets its letters and digits alone, in upper case. */
  readonly check?: (code: string) => boolean;
  /** True when only capital letters are meant: the shape occurs in ordinary text otherwise. */
  readonly capitals?: true;
  /** Words and phrases of which one nearby raises the score, in lower case, separated by `|`. */
  readonly context: string;
}
