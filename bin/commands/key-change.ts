import { Command } from "commander";
import type { KeyChange } from "../../lib/ports/store";
import { usageError } from "../command-error";
import { keyIdOf } from "../key-id";
import { limitOptions, limitsOf, type LimitOptions } from "../key-limits";
import { keyDocument, keyFacts } from "../output/key-document";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { facts } from "../output/table";
import { parseExpiry } from "../parse-time";
import { manage, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import type { Terminal } from "../terminal";

const STORE = "--store sqlite:gate.db";

const EXPIRE_NOTES = `A key that has expired stays so. One that was rotated can be given another end, within a year and not after its
successor's, but not "never".`;

export function keyRenameCommand(terminal: Terminal): Command {
  return command("rename", "give a key another name", [`llm-gate key rename 3sNJ0aTqLw build ${STORE}`])
    .argument("<name>", "what the key is for")
    .action((id: string, name: string, options: ManageOptions) => change(id, { name }, options, terminal));
}

export function keyExpireCommand(terminal: Terminal): Command {
  const examples = [`llm-gate key expire 3sNJ0aTqLw 30d ${STORE}`, `llm-gate key expire 3sNJ0aTqLw never ${STORE}`];
  return command("expire", "set when a key expires", examples, EXPIRE_NOTES)
    .argument("<when>", "30m, 12h, 90d or 8w from now, a date such as 2030-12-31, or never")
    .action((id: string, when: string, options: ManageOptions) =>
      change(id, { expiresAt: when === "never" ? null : parseExpiry("<when>", when, Date.now()) }, options, terminal),
    );
}

export function keyLimitCommand(terminal: Terminal): Command {
  const examples = [
    `llm-gate key limit 3sNJ0aTqLw --models "gpt-4o-mini,claude-*" ${STORE}`,
    `llm-gate key limit 3sNJ0aTqLw --networks 192.0.2.0/24 ${STORE}`,
    `llm-gate key limit 3sNJ0aTqLw --models any --networks any ${STORE}`,
  ];
  const limit = command("limit", "let a key do less than its user may, never more", examples);
  for (const option of limitOptions("; any: as its user")) limit.addOption(option);
  return limit.action((id: string, options: ManageOptions & LimitOptions) => {
    const limits = limitsOf(options);
    if (Object.keys(limits).length === 0) throw usageError("Say what is limited: --models, --networks, or both.");
    return change(id, limits, options, terminal);
  });
}

function command(name: string, description: string, examples: readonly string[], notes?: string): Command {
  return new Command(name)
    .description(description)
    .argument("<id>", "the key's public id")
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(examples, notes));
}

async function change(id: string, values: KeyChange, options: ManageOptions, terminal: Terminal): Promise<void> {
  const keyId = keyIdOf(id);
  const document = await manage(options, terminal, async (admin) =>
    keyDocument(await admin.changeKey(keyId, values), await admin.now()),
  );
  present(terminal, options, document, () => facts(keyFacts(document)));
}
