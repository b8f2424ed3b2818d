import { Command, Option } from "commander";
import { publicKeyOf } from "../../lib/audit/checkpoint-key";
import { readCheckpointKey } from "../../adapters/audit/checkpoint-key-file";
import { usageError } from "../command-error";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { locateExistingStore } from "../store/locate-store";
import { isPostgres } from "../store/store-at";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import type { Terminal } from "../terminal";

interface Options extends StoreOptions {
  readonly key?: string;
}

function keyBeside(options: Options, terminal: Terminal): string {
  const database = locateExistingStore(options, terminal);
  if (!isPostgres(database)) return `${database}.checkpoint.key`;
  throw usageError("There is no key beside a PostgreSQL database: name the one of audit.checkpointKey with --key.");
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
      const { keyId, pem } = publicKeyOf(readCheckpointKey(options.key ?? keyBeside(options, terminal)));
      present(terminal, options, { keyId, publicKey: pem }, () => pem.trimEnd());
    });
}
