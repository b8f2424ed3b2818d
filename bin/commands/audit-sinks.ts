import { Command, Option } from "commander";
import { auditEvent } from "../../lib/audit/record";
import type { SinkRegistry, SinkState } from "../../lib/ports/sink-registry";
import type { Store } from "../../lib/ports/store";
import { sinkReport, type SinkReport } from "../../lib/sinks/sink-report";
import { CommandError } from "../command-error";
import { lesson } from "../output/lesson";
import { moment, shortMoment } from "../output/moment";
import { present } from "../output/present";
import { table } from "../output/table";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import { SYSTEM, withAudit, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";

interface Options extends StoreOptions {
  readonly forget?: string;
}

const NOTES = `One line for each sink and chain: up to which record the sink has acknowledged the chain, how many it does not have yet,
when it last got further, and what keeps it from taking more. A sink that the gate no longer has keeps its place, and holds
retention back: --forget drops it, on record.`;

const EXAMPLES = [
  "llm-gate audit sinks --store sqlite:gate.db",
  "llm-gate audit sinks --forget webhook --store sqlite:gate.db",
];

export function auditSinksCommand(terminal: Terminal): Command {
  return new Command("sinks")
    .description("show how far each sink of the audit trail is")
    .addOption(new Option("--forget <sink>", "drop the place of a sink that is gone for good"))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async ({ forget, ...options }: Options) => {
      const reports = await withStore(locateExistingStore(options, terminal), async (store) => {
        if (forget !== undefined) await forgetSink(store, forget);
        return reportsOf(store);
      });
      present(terminal, options, { sinks: reports.map(document) }, () => describe(reports));
    });
}

async function reportsOf(store: Store): Promise<readonly SinkReport[]> {
  const heads = await withAudit(store, (audit) => audit.heads());
  return ((await store.sinks?.list()) ?? []).map((state) => sinkReport(state, heads));
}

/** On record first, like every administrative change. */
async function forgetSink(store: Store, name: string): Promise<void> {
  const sinks: SinkRegistry | undefined = store.sinks;
  const known = (await sinks?.list())?.find(({ sink }) => sink === name);
  if (known === undefined) throw new CommandError("no_sink", 1, `There is no sink ${JSON.stringify(name)}.`);
  await withAudit(store, (audit) => audit.append([forgotten(known)]));
  await sinks?.remove(name);
}

function forgotten({ sink, places }: SinkState) {
  const before = { places: Object.fromEntries(places) };
  return auditEvent("admin", SYSTEM.clock.now(), {
    operation: "sink.forget",
    change: { subject: `sink:${sink}`, before, after: null },
  });
}

function document({ movedAt, ...report }: SinkReport) {
  return { ...report, movedAt: moment(movedAt) };
}

function describe(reports: readonly SinkReport[]): string {
  const rows = reports.flatMap(({ sink, movedAt, error, chains }) =>
    chains.map(({ node, seq, behind }) => [
      ...[sink, node, String(seq), String(behind)],
      ...[movedAt === null ? null : shortMoment(moment(movedAt) ?? ""), error],
    ]),
  );
  return rows.length === 0
    ? "No sink was ever there."
    : table(["SINK", "CHAIN", "DELIVERED", "BEHIND", "MOVED", "ERROR"], rows);
}
