import type { Placed } from "../../../lib/audit/stamp-record";
import type { SqliteDriverName } from "../../stores/sqlite-driver";
import type { PackedEvent } from "./packed-event";

/** What the writer's thread is started with. */
export interface WriterSettings {
  readonly path: string;
  readonly node: string;
  readonly boot: string;
  readonly driver?: SqliteDriverName;
  /** Ed25519 private key in PEM, for checkpoints. */
  readonly checkpointKey?: string;
}

/** Whose a group is. It leaves `waiting` once, to whichever of the two threads is first. */
export const WAITING = 0;
/** It is being written. */
export const BEGUN = 1;
/** It was taken back and is not written. */
export const WITHDRAWN = 2;

/** One value of the three, in shared memory. */
export type GroupState = Int32Array<SharedArrayBuffer>;

/** To the thread: one group, or the end. */
export type WriterRequest =
  { readonly events: readonly PackedEvent[]; readonly state: GroupState } | { readonly close: true };

/** From the thread: of the next groups in their order, how many records were written of each, 0 of one that was taken back. */
export type WriterReply = { readonly taken: readonly number[] } & (
  | /** Durable: the place of each event of all these groups. */
    { readonly places: readonly Placed[] }
    /** Not durable; `uncertain` when the commit itself failed and may yet have reached the disk. */
  | { readonly error: string; readonly uncertain: boolean }
);
