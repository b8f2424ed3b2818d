import { Command } from "commander";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { jsonOption, storeOption } from "../store/store-options";
import type { Terminal } from "../terminal";
import { contentKeyOption, withTexts, type TextOptions } from "../texts";

const NOTES = `To change the master key: put the new one above the old one in its file, start every gate anew, run this, then take the
old one out of the file.`;

export function auditRewrapCommand(terminal: Terminal): Command {
  return new Command("rewrap")
    .description("put the keys of kept text under the current master key")
    .addOption(contentKeyOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate audit rewrap --store sqlite:gate.db"], NOTES))
    .action(async (options: TextOptions) => {
      const keys = await withTexts(options, terminal, (admin) => admin.audit.rewrapKeys());
      present(terminal, options, { keys }, () => describe(keys));
    });
}

function describe(keys: number): string {
  if (keys === 0) return "no key was under another master key: nothing was done, and nothing put on record";
  return `${keys} ${keys === 1 ? "key was" : "keys were"} put under the current master key`;
}
