import { Command } from "commander";
import { keyIdOf } from "../key-id";
import { keyDocument, keyFacts } from "../output/key-document";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { facts } from "../output/table";
import { manage, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import type { Terminal } from "../terminal";

export function keyShowCommand(terminal: Terminal): Command {
  return new Command("show")
    .description("show what is known of a key; the key itself is not")
    .argument("<id>", "the key's public id")
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate key show 3sNJ0aTqLw --store sqlite:gate.db"]))
    .action(async (id: string, options: ManageOptions) => {
      const keyId = keyIdOf(id);
      const document = await manage(options, terminal, async (admin) =>
        keyDocument(await admin.showKey(keyId), await admin.now()),
      );
      present(terminal, options, document, () => facts(keyFacts(document)));
    });
}
