import { Option, type Command } from "commander";

/** `--limit` and `--after`. */
export interface PageOptions {
  readonly limit: string;
  readonly after?: string;
}

export function addPageOptions(command: Command, what: string): Command {
  return command
    .addOption(new Option("--limit <number>", "how many at most").default("100"))
    .addOption(new Option("--after <name>", `go on after this one: ${what}`));
}

/** What stands below a page that is not the last. */
export function moreRows(next: string | null): string {
  return next === null ? "" : `\n\nThere are more: --after ${next}`;
}
