import { Command } from "commander";
import type { CreatedKey } from "../../lib/admin";
import { resolvePeppers } from "../../lib/resolve-peppers";
import { limitOptions, limitsOf, type LimitOptions } from "../key-limits";
import { parseExpiry } from "../parse-time";
import { lesson } from "../output/lesson";
import { moment } from "../output/moment";
import { present } from "../output/present";
import { facts } from "../output/table";
import { locateExistingStore } from "../store/locate-store";
import { adminSettings } from "../store/manage";
import { jsonOption, organizationOption, storeOption, type StoreOptions } from "../store/store-options";
import { withAdmin, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";

interface Options extends StoreOptions, LimitOptions {
  readonly user: string;
  readonly name: string;
  readonly expires?: string;
  readonly organization?: string;
}

const EXAMPLES = [
  "llm-gate key create --user alice@acme.test --name laptop --store sqlite:gate.db",
  "llm-gate key create --user alice@acme.test --name build --expires 90d --json --store sqlite:gate.db",
];

const NOTES =
  "The key is shown this once. It acts for its user, with whatever that user may do at the moment of each call.";

export function keyCreateCommand(terminal: Terminal): Command {
  const [models, networks] = limitOptions();
  return new Command("create")
    .description("create a key for a user")
    .requiredOption("--user <email>", "whom the key acts for")
    .requiredOption("--name <name>", "what the key is for")
    .option("--expires <when>", "30m, 12h, 90d or 8w from now, or a date such as 2030-12-31; default: never")
    .addOption(models)
    .addOption(networks)
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: Options) => {
      const created = await create(options, terminal);
      const document = { ...created, expiresAt: moment(created.expiresAt) };
      present(terminal, options, document, () => describe(created));
    });
}

function create(options: Options, terminal: Terminal): Promise<CreatedKey> {
  const { user: email, name } = options;
  const expiresAt = options.expires === undefined ? null : parseExpiry("--expires", options.expires, Date.now());
  return withStore(locateExistingStore(options, terminal), (store) => {
    const peppers = resolvePeppers(undefined, store.pepperFile);
    return withAdmin(store, { peppers, ...adminSettings(options, terminal) }, (admin) =>
      admin.createKey({ email, name, expiresAt, ...limitsOf(options) }),
    );
  });
}

function describe({ id, key, user, name, expiresAt, works, why }: CreatedKey): string {
  const known = facts([
    ["id", id],
    ["user", user],
    ["name", name],
    ["expires", moment(expiresAt) ?? "never"],
    ["works", works ? "yes" : `not yet: ${why ?? ""}`],
  ]);
  return `${key}\n\nThis is the only time that the key is shown.\n\n${known}`;
}
