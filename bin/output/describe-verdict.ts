import type { BadReason, TrailVerdict } from "../../lib/audit/trail-verdict";
import { printable } from "./printable";
import { facts } from "./table";

const SENTENCES: Readonly<Record<BadReason, string>> = {
  foreign_node: "a row of another node lies in this chain",
  gap: "the record is missing",
  order: "the position was there already",
  bad_hash: "the record, or its link, is not what was written",
  unreadable: "what is there is no record",
  not_canonical: "the record is not in the form in which records are written",
  column_mismatch: "a column differs from its record",
  bad_signature: "the signature does not belong to the checkpoint",
  unknown_key: "the checkpoint is signed with another key than those given",
  checkpoint_order: "the checkpoint does not follow from the one before",
  checkpoint_mismatch:
    "it is not the record that a checkpoint covers: it, or one before it, was changed and the chain made anew",
  cut_off: "the trail ends before this record, which a checkpoint covers",
  checkpoint_missing: "the checkpoint was taken, and its record is gone",
  unreadable_copy: "this line of the copies is no checkpoint",
  backdated: "the chain says that it began before a checkpoint was taken that does not know it",
  sink_ahead: "the chain ends before this record, which a sink has got",
  open_intent: "the call has no end, and its node does not run",
  stray: "the row is in no chain: it has no name of a node, or a position that is none",
  unpruned: "a prune dropped this record, and it is there: run `llm-gate audit prune` again, which ends it",
};

const NO_COPIES =
  "0 copies from outside the database: a trail that was emptied, cut at its end, or made anew without its checkpoints " +
  "is clean without them. " +
  "Give the file of audit.checkpoints, or what a sink has, with --checkpoints FILE";

export function describeVerdict(verdict: TrailVerdict): string {
  const { status, records, nodes, firstBad, faults, checkpoints, pruned, openIntents, openCalls } = verdict;
  const { sinks, timeAnomalies } = verdict;
  const { onRecord, copied, signaturesChecked, newest } = checkpoints;
  const lines: (readonly [string, string])[] = [
    ["status", status],
    ["records", `${records} in ${nodes.length} chains`],
    ["checkpoints", `${onRecord} on record${newest === null ? "" : `, the newest of ${newest.at}`}`],
    ["copies", copied === 0 ? NO_COPIES : `${copied} from outside the database compared`],
    ["sinks", sinks === 0 ? "none that has a place here" : `compared with how far ${sinks} got`],
    ["signatures", signaturesChecked ? "checked" : "not checked: there is no public key"],
    ["open", `${openIntents.count} calls without an end, ${openCalls} of running nodes`],
    ["time", timeAnomalies.count === 0 ? "in order" : `${timeAnomalies.count} records out of it`],
  ];
  if (pruned !== null)
    lines.splice(2, 0, ["begins", `after the checkpoint number ${pruned.checkpoint}, pruned ${pruned.at}`]);
  if (firstBad === null) return facts(lines);
  return facts([...lines, ["faults", String(faults)], ["first", describeBad(firstBad)]]);
}

function describeBad({ node, boot, seq, reason, after, column }: NonNullable<TrailVerdict["firstBad"]>): string {
  const place = node === "" ? `line ${seq}` : `${printable(node)} ${seq} (boot ${printable(boot)})`;
  const more = after !== undefined ? `; all up to ${after} is vouched for` : column !== undefined ? `: ${column}` : "";
  return `${place}: ${SENTENCES[reason]}${more} [${reason}]`;
}
