import type { Kysely } from "kysely";
import type { Schema } from "./schema";

/** All that the SQL dialects differ in; everything else is one implementation. */
export interface SqlSeam {
  /** The database as people know it: a path, or a host and name without credentials. */
  readonly label: string;
  /** For reads only. Never inside somebody's open transaction. */
  readonly reads: Kysely<Schema>;
  /** For writers only, through `inWriteTransaction`. */
  readonly writes: Kysely<Schema>;
  readonly types: { readonly integer: "integer" | "bigint"; readonly bytes: "blob" | "bytea" };
  /** Begins a transaction on this connection once no other writer, of any process, has one. */
  beginWrite(connection: Kysely<Schema>): Promise<void>;
  /** Something that differs once another connection has committed; null when only a query can tell. */
  commitMark(): number | null;
  close(): Promise<void>;
}
