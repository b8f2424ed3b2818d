/** One claim about an adapter. `run` rejects when it does not hold; any test runner will do. */
export interface Case {
  readonly name: string;
  run(): Promise<void>;
}
