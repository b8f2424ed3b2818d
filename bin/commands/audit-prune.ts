import { Command, Option } from "commander";
import { checkpointSigner, publicKeysIn } from "../../lib/audit/checkpoint-key";
import { planPrune, PruneRefusal, type PrunePlan } from "../../lib/audit/plan-prune";
import { pruneTrail } from "../../lib/audit/prune-trail";
import type { ClosableTrailSource } from "../../lib/audit/verify-trail";
import type { Store } from "../../lib/ports/store";
import { readCheckpointKey } from "../../adapters/audit/checkpoint-key-file";
import { CommandError, usageError } from "../command-error";
import { lesson } from "../output/lesson";
import { shortMoment } from "../output/moment";
import { present } from "../output/present";
import { progressLine } from "../output/progress-line";
import { facts } from "../output/table";
import { parseMoment } from "../parse-time";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import { SYSTEM, withAudit, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";

interface Options extends StoreOptions {
  readonly before: string;
  readonly key?: string;
  readonly yes?: boolean;
}

const NOTES = `Without --yes it only says what would go. What goes is the beginning of every chain, up to what the newest checkpoint
before that time covers; that checkpoint stays, and so does the last record of each chain. It is verified first, and put
on record, signed, before the first record goes: \`audit verify\` finds the trail clean afterwards and says where it begins.
Records that a sink does not have yet stay (\`audit sinks\`). What goes, goes for good: export or ship it before.`;

const EXAMPLES = [
  "llm-gate audit prune --before 2026-01-01 --store sqlite:gate.db",
  "llm-gate audit prune --before 400d --yes --store sqlite:gate.db",
];

export function auditPruneCommand(terminal: Terminal): Command {
  return new Command("prune")
    .description("drop the beginning of the audit trail, on record and provably")
    .requiredOption("--before <time>", "what is older: 400d, 2026-01-31, 2026-01-31T09:00Z")
    .addOption(new Option("--key <file>", "the private key of the checkpoints; else <database>.checkpoint.key"))
    .addOption(new Option("--yes", "do it"))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: Options) => {
      const before = parseMoment("--before", options.before, SYSTEM.clock.now());
      const done = await withStore(locateExistingStore(options, terminal), (store) =>
        prune(store, { ...options, before }, terminal),
      );
      present(terminal, options, document(done), () => describe(done));
    });
}

interface Done {
  readonly plan: PrunePlan;
  /** Null: nothing was done. */
  readonly dropped: number | null;
}

async function prune(store: Store, options: Options, terminal: Terminal): Promise<Done> {
  const trail = store.trail?.();
  const file = options.key ?? store.checkpointKeyFile;
  if (file === undefined)
    throw usageError("There is no key beside this database: name the one of audit.checkpointKey with --key.");
  const key = readCheckpointKey(file);
  if (trail === undefined) throw new CommandError("no_trail", 1, "This store's trail cannot be pruned.");
  try {
    const sinks = (await store.sinks?.list()) ?? [];
    const plan = await planPrune(trail, { before: options.before, sinks, keys: publicKeysIn(key) });
    if (options.yes !== true) return { plan, dropped: null };
    return { plan, dropped: await execute(store, trail, key, plan, terminal) };
  } catch (error) {
    throw error instanceof PruneRefusal
      ? new CommandError("not_pruned", 1, `Nothing was dropped: ${error.message}.`)
      : error;
  } finally {
    await trail.close();
  }
}

function execute(
  store: Store,
  trail: ClosableTrailSource,
  key: string,
  plan: PrunePlan,
  terminal: Terminal,
): Promise<number> {
  const parts = {
    trail,
    signer: checkpointSigner(key),
    now: SYSTEM.clock.now(),
    onProgress: progressLine(terminal, "records dropped"),
  };
  return withAudit(store, (log) => pruneTrail({ ...parts, log }, plan), key);
}

function document({ plan, dropped }: Done) {
  const { note, covered, records, heldBackBy } = plan;
  const chains = note?.cuts.map(({ node, seq }) => ({ node, through: seq })) ?? [];
  return { done: dropped !== null, dropped: dropped ?? 0, records, before: covered, chains, heldBackBy };
}

function describe({ plan, dropped }: Done): string {
  const { note, covered, records, heldBackBy, unfinished } = plan;
  const lines: (readonly [string, string])[] = [
    dropped === null ? ["would go", `${records} records`] : ["dropped", `${dropped} records`],
    ["up to", covered === null ? "-" : `the checkpoint of ${shortMoment(covered)}`],
    ...(note?.cuts ?? []).map(({ node, seq }): [string, string] => ["chain", `${node}, through ${seq}`]),
  ];
  if (heldBackBy.length > 0) lines.push(["held back", `by ${heldBackBy.join(", ")}: see \`llm-gate audit sinks\``]);
  if (dropped === null && unfinished.size > 0)
    lines.push(["unfinished", "an earlier prune was cut off; --yes ends it"]);
  if (dropped === null && (note !== null || unfinished.size > 0)) lines.push(["to do it", "add --yes"]);
  return facts(lines);
}
