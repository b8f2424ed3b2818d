import { createReadStream, existsSync, statSync } from "node:fs";
import type { Readable } from "node:stream";
import { Command } from "commander";
import { readImportFile } from "../../adapters/keys/read-import-file";
import type { ImportReport } from "../../lib/admin";
import { resolvePeppers } from "../../lib/resolve-peppers";
import { usageError } from "../command-error";
import { ConcludedError } from "../concluded-error";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { locateExistingStore } from "../store/locate-store";
import { adminSettings, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import { withAdmin, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";

interface Options extends ManageOptions {
  readonly bits?: string;
  readonly dryRun?: boolean;
}

const NOTES = `The file has a key a line: JSON objects, or CSV whose first line names the columns.
  user         whom the key acts for: an e-mail address of the policy
  name         what the key is for
  sha256       SHA-256 of the key, hex or base64; or
  hmac_sha256  HMAC-SHA-256 of it under the other system's secret, which every gate then needs (importedKeys.hmacSecrets); or
  key          the key itself, from standard input only: it is digested at once, and kept nowhere
  bits         how hard it is to guess: at least 128; --bits says it for all lines
  expires, models, networks     as for \`key create\`; several with blanks between them
Lines that cannot be taken are told by their number, the others are imported. Running it again does nothing more.`;

const EXAMPLES = [
  "llm-gate key import keys.csv --bits 256 --dry-run --store sqlite:gate.db",
  "other-system dump-keys | llm-gate key import - --bits 256 --store postgres://gate@db.internal/gate",
];

export function keyImportCommand(terminal: Terminal): Command {
  return new Command("import")
    .description("take over keys that another system made, by their digests")
    .argument("<file>", "CSV or JSON lines; - for standard input")
    .option("--bits <number>", "how hard the keys are to guess, for lines that do not say it")
    .option("--dry-run", "only say what would be done")
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (file: string, options: Options) => {
      const report = await importFile(file, options, terminal);
      const { dryRun = false } = options;
      present(terminal, options, { dryRun, ...report }, () => describe(report, dryRun));
      if (options.json !== true) complain(report, file, terminal);
      if (report.refused > 0) throw new ConcludedError(1);
    });
}

function importFile(file: string, options: Options, terminal: Terminal): Promise<ImportReport> {
  const { dryRun = false } = options;
  const bits = options.bits === undefined ? {} : { bits: parseBits(options.bits) };
  const lines = readImportFile(open(file, terminal), { ...bits, plainKeys: file === "-" });
  return withStore(locateExistingStore(options, terminal), (store) => {
    const peppers = resolvePeppers(undefined, store.pepperFile);
    return withAdmin(store, { peppers, ...adminSettings(options, terminal) }, (admin) =>
      admin.importKeys(lines, { dryRun }),
    );
  });
}

function open(file: string, { input }: Terminal): Readable {
  if (file === "-") return input;
  if (!existsSync(file)) throw usageError(`${file} cannot be read: there is no such file.`);
  if (statSync(file).isDirectory()) throw usageError(`${file} cannot be read: it is a folder.`);
  return createReadStream(file);
}

function parseBits(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw usageError(`--bits ${JSON.stringify(text)} is not a whole number, such as 256.`);
}

function describe({ imported, existing, revoked, refused }: ImportReport, dryRun: boolean): string {
  const done = dryRun ? "would be imported" : "imported";
  const stay = revoked === 0 ? "" : ` (${revoked} of them revoked, and they stay so)`;
  return `${imported} ${done}, ${existing} there already${stay}, ${refused} refused`;
}

function complain({ problems, refused }: ImportReport, file: string, { complain: tell }: Terminal): void {
  const name = file === "-" ? "standard input" : file;
  for (const { line, message } of problems) tell(`${name}:${line}: ${message}`);
  if (refused > problems.length) tell(`and ${refused - problems.length} more`);
}
