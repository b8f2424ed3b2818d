import { Command } from "commander";
import { coverage, type CoverageRow } from "../../adapters/protocols/coverage";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { table } from "../output/table";
import { jsonOption } from "../store/store-options";
import type { Terminal } from "../terminal";

const NOTES = `rewritten: findings are blocked, redacted, tokenized and reported. scanned: blocked and reported, never rewritten;
the policy's unrewritable decides. opaque: cannot be read; the policy's uninspectable decides. left alone: ids, signatures, encrypted data.
Streams: held as far as the text could still become a finding, until complete, or a copy of what the deltas said.`;

const HEADINGS = ["OPERATION", "DIRECTION", "PLACE", "TREATMENT", "STREAM"];

export function dlpCoverageCommand(terminal: Terminal): Command {
  return new Command("coverage")
    .description("say what is inspected in each place of each protocol")
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate dlp coverage", "llm-gate dlp coverage --json"], NOTES))
    .action((options: { readonly json?: boolean }) => {
      const rows = coverage();
      present(terminal, options, { coverage: rows }, () => table(HEADINGS, rows.map(cells)));
    });
}

function cells({ operation, direction, place, treatment, stream, delivery }: CoverageRow): readonly (string | null)[] {
  return [operation, direction, place, treatment, stream ? (delivery ?? "as it comes") : null];
}
