import { Option } from "commander";
import type { KeyLimits } from "../lib/ports/store";

export interface LimitOptions {
  readonly models?: string;
  readonly networks?: string;
}

/** `--models` and `--networks`. */
export function limitOptions(more = ""): readonly [Option, Option] {
  return [
    new Option("--models <list>", `only these models: ids, or beginnings with a *, with commas between them${more}`),
    new Option("--networks <list>", `only from these networks or addresses, with commas between them${more}`),
  ];
}

/** What of them was given; `any` takes a limit away. */
export function limitsOf({ models, networks }: LimitOptions): Partial<KeyLimits> {
  return {
    ...(models !== undefined && { models: listOf(models) }),
    ...(networks !== undefined && { networks: listOf(networks) }),
  };
}

function listOf(text: string): readonly string[] | null {
  return text === "any" ? null : text.split(",").map((part) => part.trim());
}
