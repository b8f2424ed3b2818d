import { Command } from "commander";
import { createAdmin } from "../../lib/admin";
import type { NodeRecord } from "../../lib/ports/node-registry";
import { lesson } from "../output/lesson";
import { moment, shortMoment } from "../output/moment";
import { present } from "../output/present";
import { table } from "../output/table";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import { SYSTEM, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";

const NOTES = `A gate that gave no sign of life for 15 seconds is not listed. APPLIED is the epoch up to which every change of keys and
policy has taken effect there; the store's own epoch is in the last line.`;

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

function document({ startedAt, seenAt, ...node }: NodeRecord) {
  return { ...node, startedAt: moment(startedAt), seenAt: moment(seenAt) };
}

function describe(nodes: readonly NodeRecord[], epoch: number): string {
  const rows = nodes.map(({ node, boot, startedAt, seenAt, appliedEpoch }) => [
    ...[node, boot, shortMoment(moment(startedAt) ?? ""), shortMoment(moment(seenAt) ?? "")],
    appliedEpoch === null ? null : String(appliedEpoch),
  ]);
  const listed = rows.length === 0 ? "No gate runs." : table(["NODE", "BOOT", "SINCE", "SEEN", "APPLIED"], rows);
  return `${listed}\n\nThe store is at epoch ${epoch}.`;
}
