import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import type { RangeReport } from "../../../lib/audit/verify-range";
import { openSqlite, type SqliteConnection, type SqliteDriverName } from "../../stores/sqlite-driver";
import { verifyRows, type RowRange } from "./range-reader";

/** What a verifying thread is started with. */
export interface VerifierSettings {
  readonly path: string;
  readonly driver?: SqliteDriverName;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** One for each range, in order. */
export type VerifierReply = { readonly report: RangeReport } | { readonly error: string };

if (parentPort !== null) serve(parentPort, workerData as VerifierSettings);

function serve(port: MessagePort, { path, driver, now }: VerifierSettings): void {
  const connection = openSqlite(path, { readonly: true, ...(driver && { driver }) });
  port.on("message", (range: RowRange | null) => {
    if (range === null) {
      connection.close();
      port.close();
    } else port.postMessage(answer(connection, range, now));
  });
}

function answer(connection: SqliteConnection, range: RowRange, now: number): VerifierReply {
  try {
    return { report: verifyRows(connection, range, now) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
