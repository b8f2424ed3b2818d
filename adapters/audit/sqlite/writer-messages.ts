import type { Placed } from "../../../lib/audit/stamp-record";
import type { SqliteDriverName } from "../../stores/sqlite-driver";

/** What the writer's thread is started with. */
export interface WriterSettings {
  readonly path: string;
  readonly node: string;
  readonly boot: string;
  readonly driver?: SqliteDriverName;
  /** Ed25519 private key in PEM, for checkpoints. */
  readonly checkpointKey?: string;
}

/** To the thread: one group commit, or the end. `events` is the JSON text of an array of capped events. */
export type WriterRequest = { readonly events: string } | { readonly close: true };

/** From the thread, one for each group commit, in order. */
export type WriterReply =
  /** Durable: the place of each event. */
  | { readonly places: readonly Placed[] }
  /** Not durable; `uncertain` when the commit itself failed and may yet have reached the disk. */
  | { readonly error: string; readonly uncertain: boolean };
