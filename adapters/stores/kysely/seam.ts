import type { Kysely, RawBuilder } from "kysely";
import type { Schema } from "./schema";

export interface ColumnTypes {
  readonly integer: "integer" | "bigint";
  readonly bytes: "blob" | "bytea";
  /** Compared and sorted by its bytes, not by a language's rules. */
  readonly text: "text" | RawBuilder<unknown>;
  /** Counts the rows of a table in the order of their making; null where every table has such a count of its own. */
  readonly position: RawBuilder<unknown> | null;
}

/** All that the SQL dialects differ in; everything else is one implementation. */
export interface SqlSeam {
  /** The database as people know it: a path, or a host and name without credentials. */
  readonly label: string;
  /** For reads only. Never inside somebody's open transaction. */
  readonly reads: Kysely<Schema>;
  /** For writers only, through `inWriteTransaction`. */
  readonly writes: Kysely<Schema>;
  readonly types: ColumnTypes;
  /** What a query ends with that takes rows for itself, and passes over those that another transaction took. */
  readonly skipLocked: RawBuilder<unknown>;
  /** Whether there is a table of this name where ours belong. */
  hasTable(db: Kysely<Schema>, name: string): Promise<boolean>;
  /** Begins a transaction on this connection once no other, of any process, holds `lock`; one lock may stand for all. */
  beginWrite(connection: Kysely<Schema>, lock: string): Promise<void>;
  /** Inside a transaction that changed something: tells other processes, once it commits, where the database can. */
  announce(tx: Kysely<Schema>, epoch: number): Promise<void>;
  /** The time of the database's machine, where that is another one; null: this machine's. */
  readonly now: (() => Promise<number>) | null;
  /** Has the database let go of what was overwritten before, as far as it can just now. Never rejects. */
  forget(): Promise<void>;
  /** Something that differs once another connection has committed; null when only a query can tell. */
  commitMark(): number | null;
  close(): Promise<void>;
}
