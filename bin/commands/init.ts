import { Command } from "commander";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { initializeStore, type InitializedStore } from "../store/initialize-store";
import { locateStore } from "../store/locate-store";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import type { Terminal } from "../terminal";

const NOTES = `Makes the database and, beside it, two files that only you can read: the pepper that keys are digested with, and the
key that checkpoints of the audit trail are signed with. What is there already stays as it is.
With PostgreSQL the pepper is LLM_GATE_PEPPER, and nothing is made beside the database.
Keep the pepper safe and apart from backups of the database: without it every key is void.`;

const EXAMPLES = ["llm-gate init --store sqlite:gate.db", "llm-gate init --store postgres://gate@db.internal/gate"];

export function initCommand(terminal: Terminal): Command {
  return new Command("init")
    .description("make a store, or bring an older one up to date")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: StoreOptions) => {
      const made = await initializeStore(locateStore(options, terminal), terminal.environment);
      present(terminal, options, made, () => describe(made));
    });
}

/** One line a part. */
export function describe({ database, pepper, checkpointKey }: InitializedStore): string {
  const file = ({ path, state }: InitializedStore["database"]) =>
    state === "created" ? `made ${path}` : `kept ${path}`;
  const { path, state } = pepper;
  return [
    `database        ${file(database)}`,
    `pepper          ${path === null || state === "environment" ? "from LLM_GATE_PEPPER" : file({ path, state })}`,
    `checkpoint key  ${checkpointKey === null ? "none: name one in audit.checkpointKey" : file(checkpointKey)}`,
  ].join("\n");
}
