import { Command } from "commander";
import { createRequire } from "node:module";
import { applyCommand } from "./commands/apply";
import { auditEraseCommand } from "./commands/audit-erase";
import { auditExportCommand } from "./commands/audit-export";
import { auditPruneCommand } from "./commands/audit-prune";
import { auditPublicKeyCommand } from "./commands/audit-public-key";
import { auditRewrapCommand } from "./commands/audit-rewrap";
import { auditSearchCommand } from "./commands/audit-search";
import { auditSinksCommand } from "./commands/audit-sinks";
import { auditTailCommand } from "./commands/audit-tail";
import { auditVerifyCommand } from "./commands/audit-verify";
import { copyCommand } from "./commands/copy";
import { demoCommand } from "./commands/demo";
import { dlpCoverageCommand } from "./commands/dlp-coverage";
import { dlpEntitiesCommand } from "./commands/dlp-entities";
import { dlpScanCommand } from "./commands/dlp-scan";
import { explainCommand } from "./commands/explain";
import { groupListCommand } from "./commands/group-list";
import { initCommand } from "./commands/init";
import { keyExpireCommand, keyLimitCommand, keyRenameCommand } from "./commands/key-change";
import { keyCreateCommand } from "./commands/key-create";
import { keyImportCommand } from "./commands/key-import";
import { keyListCommand } from "./commands/key-list";
import { keyPeppersCommand } from "./commands/key-peppers";
import { keyRevokeCommand } from "./commands/key-revoke";
import { keyRotateCommand } from "./commands/key-rotate";
import { keyShowCommand } from "./commands/key-show";
import { nodesCommand } from "./commands/nodes";
import { serveCommand } from "./commands/serve";
import { userListCommand } from "./commands/user-list";
import { lesson } from "./output/lesson";
import type { Terminal } from "./terminal";

/** The whole command line. It throws instead of ending the process; what it prints goes to the terminal. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command("llm-gate")
    .description("One API key in front of the OpenAI, OpenAI Responses and Anthropic protocols.")
    .version(packageVersion(), "--version", "print the version")
    .addHelpText("after", lesson(["llm-gate demo", "llm-gate serve --config gate.yaml", "llm-gate help key create"]))
    .addCommand(demoCommand(terminal))
    .addCommand(serveCommand(terminal))
    .addCommand(initCommand(terminal))
    .addCommand(applyCommand(terminal))
    .addCommand(keyCommands(terminal))
    .addCommand(listOf("user", "users", userListCommand(terminal)))
    .addCommand(listOf("group", "groups", groupListCommand(terminal)))
    .addCommand(nodesCommand(terminal))
    .addCommand(copyCommand(terminal))
    .addCommand(explainCommand(terminal))
    .addCommand(dlpCommands(terminal))
    .addCommand(auditCommands(terminal));
  bind(program, terminal);
  return program;
}

function keyCommands(terminal: Terminal): Command {
  return new Command("key")
    .description("create, import, list, show, rotate, change and revoke API keys")
    .addHelpText("after", lesson(["llm-gate key create --user alice@acme.test --name laptop --store sqlite:gate.db"]))
    .addCommand(keyCreateCommand(terminal))
    .addCommand(keyImportCommand(terminal))
    .addCommand(keyListCommand(terminal))
    .addCommand(keyShowCommand(terminal))
    .addCommand(keyRotateCommand(terminal))
    .addCommand(keyRenameCommand(terminal))
    .addCommand(keyExpireCommand(terminal))
    .addCommand(keyLimitCommand(terminal))
    .addCommand(keyRevokeCommand(terminal))
    .addCommand(keyPeppersCommand(terminal));
}

/** What a policy file manages can only be listed. */
function listOf(name: string, things: string, list: Command): Command {
  return new Command(name)
    .description(`list ${things}: what they are is said by a policy file`)
    .addHelpText("after", lesson([`llm-gate ${name} list --store sqlite:gate.db`, "llm-gate apply policy.yaml"]))
    .addCommand(list);
}

function dlpCommands(terminal: Terminal): Command {
  return new Command("dlp")
    .description("try data loss prevention")
    .addHelpText("after", lesson(["llm-gate dlp scan notes.txt", "llm-gate dlp coverage"]))
    .addCommand(dlpScanCommand(terminal))
    .addCommand(dlpEntitiesCommand(terminal))
    .addCommand(dlpCoverageCommand(terminal));
}

function auditCommands(terminal: Terminal): Command {
  return new Command("audit")
    .description("read and verify the audit trail")
    .addHelpText("after", lesson(["llm-gate audit tail --follow --store sqlite:gate.db"]))
    .addCommand(auditTailCommand(terminal))
    .addCommand(auditSearchCommand(terminal))
    .addCommand(auditExportCommand(terminal))
    .addCommand(auditVerifyCommand(terminal))
    .addCommand(auditEraseCommand(terminal))
    .addCommand(auditRewrapCommand(terminal))
    .addCommand(auditSinksCommand(terminal))
    .addCommand(auditPruneCommand(terminal))
    .addCommand(auditPublicKeyCommand(terminal));
}

function bind(command: Command, terminal: Terminal): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.print(text.trimEnd()),
    writeErr: (text) => terminal.complain(text.trimEnd()),
  });
  for (const inner of command.commands) bind(inner, terminal);
}

function packageVersion(): string {
  const { version } = createRequire(__filename)("express-llm-gate/package.json") as { readonly version: string };
  return version;
}
