import { Command } from "commander";
import { createRequire } from "node:module";
import { lesson } from "./output/lesson";
import type { Terminal } from "./terminal";

/** `words`: what follows the word that calls the command. */
type MakeCommand = (terminal: Terminal, words: readonly string[]) => Command;
/** Commands by the word that calls them, in the order in which help lists them. */
type CommandTable = Readonly<Record<string, MakeCommand>>;

const loadFile = createRequire(__filename);

/** Loading every command takes longer than most take to run: each is loaded when it is named. */
function load(file: string): unknown {
  return loadFile(`./commands/${file}`);
}

/** The named command alone; all of them for help, and for a word that names none. */
export function commandsOf(table: CommandTable, words: readonly string[], terminal: Terminal): readonly Command[] {
  const [word, ...rest] = words;
  const named = word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
  return (named === undefined ? Object.values(table) : [named]).map((make) => make(terminal, rest));
}

function group(name: string, description: string, examples: readonly string[], table: CommandTable): MakeCommand {
  return (terminal, words) => {
    const command = new Command(name).description(description).addHelpText("after", lesson(examples));
    commandsOf(table, words, terminal).forEach((inner) => command.addCommand(inner));
    return command;
  };
}

/** What a policy file manages can only be listed. */
function listOf(name: string, things: string, list: MakeCommand): MakeCommand {
  const examples = [`llm-gate ${name} list --store sqlite:gate.db`, "llm-gate apply policy.yaml"];
  return group(name, `list ${things}: what they are is said by a policy file`, examples, { list });
}

const KEY_COMMANDS: CommandTable = {
  create: (terminal) => (load("key-create") as typeof import("./commands/key-create")).keyCreateCommand(terminal),
  import: (terminal) => (load("key-import") as typeof import("./commands/key-import")).keyImportCommand(terminal),
  list: (terminal) => (load("key-list") as typeof import("./commands/key-list")).keyListCommand(terminal),
  show: (terminal) => (load("key-show") as typeof import("./commands/key-show")).keyShowCommand(terminal),
  rotate: (terminal) => (load("key-rotate") as typeof import("./commands/key-rotate")).keyRotateCommand(terminal),
  rename: (terminal) => (load("key-change") as typeof import("./commands/key-change")).keyRenameCommand(terminal),
  expire: (terminal) => (load("key-change") as typeof import("./commands/key-change")).keyExpireCommand(terminal),
  limit: (terminal) => (load("key-change") as typeof import("./commands/key-change")).keyLimitCommand(terminal),
  revoke: (terminal) => (load("key-revoke") as typeof import("./commands/key-revoke")).keyRevokeCommand(terminal),
  peppers: (terminal) => (load("key-peppers") as typeof import("./commands/key-peppers")).keyPeppersCommand(terminal),
};

const DLP_COMMANDS: CommandTable = {
  scan: (terminal) => (load("dlp-scan") as typeof import("./commands/dlp-scan")).dlpScanCommand(terminal),
  entities: (terminal) =>
    (load("dlp-entities") as typeof import("./commands/dlp-entities")).dlpEntitiesCommand(terminal),
  coverage: (terminal) =>
    (load("dlp-coverage") as typeof import("./commands/dlp-coverage")).dlpCoverageCommand(terminal),
};

const AUDIT_COMMANDS: CommandTable = {
  tail: (terminal) => (load("audit-tail") as typeof import("./commands/audit-tail")).auditTailCommand(terminal),
  search: (terminal) => (load("audit-search") as typeof import("./commands/audit-search")).auditSearchCommand(terminal),
  export: (terminal) => (load("audit-export") as typeof import("./commands/audit-export")).auditExportCommand(terminal),
  verify: (terminal) => (load("audit-verify") as typeof import("./commands/audit-verify")).auditVerifyCommand(terminal),
  erase: (terminal) => (load("audit-erase") as typeof import("./commands/audit-erase")).auditEraseCommand(terminal),
  rewrap: (terminal) => (load("audit-rewrap") as typeof import("./commands/audit-rewrap")).auditRewrapCommand(terminal),
  sinks: (terminal) => (load("audit-sinks") as typeof import("./commands/audit-sinks")).auditSinksCommand(terminal),
  prune: (terminal) => (load("audit-prune") as typeof import("./commands/audit-prune")).auditPruneCommand(terminal),
  "public-key": (terminal) =>
    (load("audit-public-key") as typeof import("./commands/audit-public-key")).auditPublicKeyCommand(terminal),
};

export const COMMANDS: CommandTable = {
  demo: (terminal) => (load("demo") as typeof import("./commands/demo")).demoCommand(terminal),
  serve: (terminal) => (load("serve") as typeof import("./commands/serve")).serveCommand(terminal),
  init: (terminal) => (load("init") as typeof import("./commands/init")).initCommand(terminal),
  apply: (terminal) => (load("apply") as typeof import("./commands/apply")).applyCommand(terminal),
  key: group(
    "key",
    "create, import, list, show, rotate, change and revoke API keys",
    ["llm-gate key create --user alice@acme.test --name laptop --store sqlite:gate.db"],
    KEY_COMMANDS,
  ),
  user: listOf("user", "users", (terminal) =>
    (load("user-list") as typeof import("./commands/user-list")).userListCommand(terminal),
  ),
  group: listOf("group", "groups", (terminal) =>
    (load("group-list") as typeof import("./commands/group-list")).groupListCommand(terminal),
  ),
  nodes: (terminal) => (load("nodes") as typeof import("./commands/nodes")).nodesCommand(terminal),
  copy: (terminal) => (load("copy") as typeof import("./commands/copy")).copyCommand(terminal),
  explain: (terminal) => (load("explain") as typeof import("./commands/explain")).explainCommand(terminal),
  dlp: group("dlp", "try data loss prevention", ["llm-gate dlp scan notes.txt", "llm-gate dlp coverage"], DLP_COMMANDS),
  audit: group(
    "audit",
    "read and verify the audit trail",
    ["llm-gate audit tail --follow --store sqlite:gate.db"],
    AUDIT_COMMANDS,
  ),
};
