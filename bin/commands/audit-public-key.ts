import { Command, Option } from "commander";
import { publicKeyOf } from "../../lib/audit/checkpoint-key";
import { readCheckpointKey } from "../../adapters/audit/checkpoint-key-file";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import type { Terminal } from "../terminal";

interface Options extends StoreOptions {
  readonly key?: string;
}

const NOTES = `Keep a copy of it where the database's administrators cannot reach: whoever verifies with the key that lies beside the
database believes whoever can write there.`;

export function auditPublicKeyCommand(terminal: Terminal): Command {
  return new Command("public-key")
    .description("print the public key that checkpoints are verified with, PEM")
    .addOption(new Option("--key <file>", "the private key; else <database>.checkpoint.key"))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate audit public-key --store sqlite:gate.db > checkpoint.pub"], NOTES))
    .action((options: Options) => {
      const file = options.key ?? `${locateExistingStore(options, terminal)}.checkpoint.key`;
      const { keyId, pem } = publicKeyOf(readCheckpointKey(file));
      present(terminal, options, { keyId, publicKey: pem }, () => pem.trimEnd());
    });
}
