import type { Peppers } from "../../lib/keys/pepper";

type Put = (table: string, columns: readonly string[], rows: readonly (readonly unknown[])[]) => Promise<void>;

export interface BulkLoader {
  readonly put: Put;
  /** Lets the database look at what it holds, and closes. */
  readonly end: () => Promise<void>;
}

export interface BulkSize {
  readonly organizationId: string;
  readonly groupId: string;
  readonly peppers: Peppers;
  readonly users: number;
  readonly keys: number;
  readonly kept?: number;
}

export function bulkLoad(put: Put, size: BulkSize): Promise<readonly { readonly id: string; readonly key: string }[]>;
export function intoSqlite(path: string): BulkLoader;
export function intoPostgres(url: string): Promise<BulkLoader>;
