import { Command } from "commander";
import { keyIdOf } from "../key-id";
import { keyDocument, keyFacts } from "../output/key-document";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { facts } from "../output/table";
import { manage, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import type { Terminal } from "../terminal";

const NOTES = "A running server refuses the key within half a second. Revoking again changes nothing.";

export function keyRevokeCommand(terminal: Terminal): Command {
  return new Command("revoke")
    .description("revoke a key, at once and for good")
    .argument("<id>", "the key's public id")
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate key revoke 3sNJ0aTqLw --store sqlite:gate.db"], NOTES))
    .action(async (id: string, options: ManageOptions) => {
      const keyId = keyIdOf(id);
      const document = keyDocument(await manage(options, terminal, (admin) => admin.revokeKey(keyId)));
      present(terminal, options, document, () => facts(keyFacts(document)));
    });
}
