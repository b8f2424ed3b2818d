import { Command } from "commander";
import type { RotatedKey } from "../../lib/admin";
import { resolvePeppers } from "../../lib/resolve-peppers";
import { keyIdOf } from "../key-id";
import { lesson } from "../output/lesson";
import { moment } from "../output/moment";
import { present } from "../output/present";
import { facts } from "../output/table";
import { parseSpan } from "../parse-time";
import { locateExistingStore } from "../store/locate-store";
import { adminSettings, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import { withAdmin, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";

interface Options extends ManageOptions {
  readonly grace: string;
  readonly requestId?: string;
}

const NOTES = `Makes a new key with the same owner, name, expiry and limits; it is shown this once. The old one works until the grace is
over, on every gate, by the store's clock; with --grace 0 it is revoked at once. With --request-id, running the command
again makes no second key and says what the first made. A key gets one successor: the next rotation is that one's.`;

const EXAMPLES = [
  "llm-gate key rotate 3sNJ0aTqLw --store sqlite:gate.db",
  "llm-gate key rotate 3sNJ0aTqLw --grace 7d --request-id deploy-42 --json --store sqlite:gate.db",
];

export function keyRotateCommand(terminal: Terminal): Command {
  return new Command("rotate")
    .description("give a key a successor, and the old one a time to live")
    .argument("<id>", "the key's public id")
    .option("--grace <span>", "how long both work: 30m, 24h, 7d, or 0", "24h")
    .option("--request-id <id>", "your own id for this rotation")
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (id: string, options: Options) => {
      const rotated = await rotate(keyIdOf(id), options, terminal);
      const times = { expiresAt: moment(rotated.expiresAt), graceUntil: moment(rotated.graceUntil) };
      present(terminal, options, { ...rotated, ...times }, () => describe(rotated));
    });
}

function rotate(id: string, options: Options, terminal: Terminal): Promise<RotatedKey> {
  const graceMs = parseSpan("--grace", options.grace);
  const { requestId } = options;
  return withStore(locateExistingStore(options, terminal), (store) => {
    const peppers = resolvePeppers(undefined, store.pepperFile);
    return withAdmin(store, { peppers, ...adminSettings(options, terminal) }, (admin) =>
      admin.rotateKey({ id, graceMs, ...(requestId !== undefined && { requestId }) }),
    );
  });
}

function describe({ id, key, replaces, user, name, expiresAt, graceUntil, works, why }: RotatedKey): string {
  const known = facts([
    ["id", id],
    ["user", user],
    ["name", name],
    ["expires", moment(expiresAt) ?? "never"],
    [
      "replaces",
      `${replaces}, which ${graceUntil === null ? "is revoked" : `works until ${moment(graceUntil) ?? ""}`}`,
    ],
    ["works", works ? "yes" : `not yet: ${why ?? ""}`],
  ]);
  if (key === null) return `This rotation was made before: its key was shown then.\n\n${known}`;
  return `${key}\n\nThis is the only time that the key is shown.\n\n${known}`;
}
