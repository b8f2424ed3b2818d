import type { JsonPath } from "../../lib/json";

/** Something wrong at a place of a policy file. */
export interface Problem {
  readonly path: JsonPath;
  /** The member whose name, not whose value, is meant. */
  readonly key?: string;
  readonly sentence: string;
}
