import type { SqliteDriverName } from "../../stores/sqlite-driver";

/** What the writer's thread is started with. */
export interface WriterSettings {
  readonly path: string;
  readonly node: string;
  readonly boot: string;
  readonly driver?: SqliteDriverName;
}

/** To the thread: one group commit, or the end. `events` is the JSON text of an array of capped events. */
export type WriterRequest = { readonly events: string } | { readonly close: true };

/** From the thread, one for each group commit, in order. */
export type WriterReply =
  /** Durable: the position of each event, 0 for an ending that was there already. */
  | { readonly positions: readonly number[] }
  /** Not durable; `uncertain` when the commit itself failed and may yet have reached the disk. */
  | { readonly error: string; readonly uncertain: boolean };
