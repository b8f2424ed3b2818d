import { Command, Option } from "commander";
import type { AppliedPolicy, ApplyOptions, PolicyDocument } from "../../lib/admin";
import { createAdmin } from "../../lib/admin";
import { readGateFile, type GateFile } from "../../adapters/gate-file/read-gate-file";
import { memoryStore } from "../../adapters/stores/memory";
import { describePolicyDiff } from "../output/describe-policy-diff";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { readTextFile } from "../read-text-file";
import { readPolicy } from "../policy/read-policy";
import { initializeWhenFresh } from "../store/initialize-store";
import { isFresh, locateStore } from "../store/locate-store";
import { adminSettings } from "../store/manage";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import { SYSTEM, withAdmin, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";

interface Options extends StoreOptions, ApplyOptions {
  /** The server's gate file. */
  readonly config?: string;
}

const NOTES = `Makes the store look like the file: all of it or nothing, and nothing at all when the file has a mistake. What the file
does not name stays, unless --prune. A running server follows within half a second. A store that is not there is made.`;

const EXAMPLES = [
  "llm-gate apply policy.yaml --dry-run --store sqlite:gate.db",
  "llm-gate apply policy.yaml --store sqlite:gate.db",
];

export function applyCommand(terminal: Terminal): Command {
  return new Command("apply")
    .description("apply a policy file: organisation, models, groups, users, data loss rules")
    .argument("<file>", "the policy file, YAML")
    .addOption(new Option("--dry-run", "only show what would change"))
    .addOption(new Option("--prune", "also remove what the file does not name; its keys are revoked with a user"))
    .option("--config <file>", "the server's gate file: the policy may name what its detectors find")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (file: string, options: Options) => {
      const database = locateStore(options, terminal);
      const result = await apply(readPolicy(file, gateFileOf(options, terminal)), database, options, terminal);
      present(terminal, options, result, () => describePolicyDiff(result, options));
    });
}

function gateFileOf({ config }: Options, { environment }: Terminal): GateFile | null {
  return config === undefined ? null : readGateFile(readTextFile(config), config, environment);
}

/** Looking at what would change makes no store. */
async function apply(
  document: PolicyDocument,
  database: string,
  options: Options,
  terminal: Terminal,
): Promise<AppliedPolicy> {
  if (options.dryRun === true && isFresh(database)) return planned(document, options);
  await initializeWhenFresh(database, terminal.environment);
  return withStore(
    database,
    (store) => withAdmin(store, adminSettings({}, terminal), (admin) => admin.applyPolicy(document, options)),
    { create: true },
  );
}

async function planned(document: PolicyDocument, options: ApplyOptions): Promise<AppliedPolicy> {
  const store = memoryStore();
  await store.open();
  return createAdmin({ store, ...SYSTEM }).applyPolicy(document, options);
}
