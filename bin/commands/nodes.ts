import { Command } from "commander";
import { createAdmin, type NodeStanding } from "../../lib/admin";
import type { BusHealth } from "../../lib/ports/bus";
import { lesson } from "../output/lesson";
import { moment, shortMoment } from "../output/moment";
import { present } from "../output/present";
import { table } from "../output/table";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import { SYSTEM, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";

const NOTES = `APPLIED is the epoch up to which every change of keys and policy has taken effect there; the store's own epoch is in the
last line. BUSES are where hints of changes come from: without one, changes show at the next poll. A gate that gave no
sign of life for 15 seconds is silent: ended by force, or cut off from the store, and then it may let keys in that it
knew, until the time that is said. After that it is not listed.`;

export function nodesCommand(terminal: Terminal): Command {
  return new Command("nodes")
    .description("list the gates that run on a store, and which changes have taken effect there")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate nodes --store postgres://gate@db.internal/gate"], NOTES))
    .action(async (options: StoreOptions) => {
      const { epoch, nodes } = await withStore(locateExistingStore(options, terminal), async (store) => ({
        epoch: await store.epoch(),
        nodes: await createAdmin({ ...SYSTEM, store }).nodes(),
      }));
      present(terminal, options, { epoch, nodes: nodes.map(document) }, () => describe(nodes, epoch));
    });
}

function document({ startedAt, seenAt, servesUntil, ageMs: _, ...node }: NodeStanding) {
  const times = { startedAt: moment(startedAt), seenAt: moment(seenAt), servesUntil: moment(servesUntil) };
  return { ...node, state: servesUntil === null ? "live" : "silent", ...times };
}

function describe(nodes: readonly NodeStanding[], epoch: number): string {
  const rows = nodes.map(({ node, boot, startedAt, seenAt, appliedEpoch, buses, servesUntil }) => [
    ...[node, boot, short(startedAt), short(seenAt)],
    ...[appliedEpoch === null ? null : String(appliedEpoch), buses.map(busState).join(", ")],
    servesUntil === null ? "live" : `silent, may serve until ${short(servesUntil)}`,
  ]);
  const headings = ["NODE", "BOOT", "SINCE", "SEEN", "APPLIED", "BUSES", "STATE"];
  const listed = rows.length === 0 ? "No gate runs." : table(headings, rows);
  return `${listed}\n\nThe store is at epoch ${epoch}.`;
}

function busState({ name, connected }: BusHealth): string {
  return connected === true ? name : `${name} ${connected === null ? "not yet" : "lost"}`;
}

function short(at: number): string {
  return shortMoment(moment(at) ?? "");
}
