import { Command } from "commander";
import type { Applied } from "../../lib/admin";
import { CommandError } from "../command-error";
import { keyIdOf } from "../key-id";
import { keyDocument, keyFacts } from "../output/key-document";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { facts } from "../output/table";
import { manage, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import type { Terminal } from "../terminal";

interface Options extends ManageOptions {
  readonly wait?: boolean;
}

const NOTES = "A running server refuses the key within half a second. Revoking again changes nothing.";

const EXAMPLES = [
  "llm-gate key revoke 3sNJ0aTqLw --store sqlite:gate.db",
  "llm-gate key revoke 3sNJ0aTqLw --wait --store postgres://gate@db.internal/gate",
];

export function keyRevokeCommand(terminal: Terminal): Command {
  return new Command("revoke")
    .description("revoke a key, at once and for good")
    .argument("<id>", "the key's public id")
    .option("--wait", "until it is dead at every running gate, half a minute at most")
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (id: string, options: Options) => {
      const { key, applied } = await revoke(keyIdOf(id), options, terminal);
      if (applied !== null && applied.waiting.length > 0) throw notEverywhere(applied);
      const document = keyDocument(key);
      present(terminal, options, { ...document, ...(applied && { applied }) }, () =>
        facts([...keyFacts(document), ...appliedFacts(applied)]),
      );
    });
}

function revoke(id: string, { wait = false, ...options }: Options, terminal: Terminal) {
  return manage(options, terminal, async (admin) => ({
    key: await admin.revokeKey(id),
    applied: wait ? await admin.appliedEverywhere() : null,
  }));
}

function appliedFacts(applied: Applied | null): readonly (readonly [string, string])[] {
  return applied === null ? [] : [["dead at", applied.applied.join(", ") || "no gate runs"]];
}

/** A node that cannot be reached serves what it knew for half a minute at most. */
function notEverywhere({ waiting }: Applied): CommandError {
  const message = `The key is revoked, but these gates have not said so: ${waiting.join(", ")}.`;
  return new CommandError("not_applied", 1, message);
}
