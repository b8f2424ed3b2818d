import { availableParallelism } from "node:os";
import { parseRecord } from "../../../lib/audit/canonical";
import type { SignedCheckpoint } from "../../../lib/audit/checkpoint";
import { readCheckpoint } from "../../../lib/audit/read-checkpoint";
import type { ClosableTrailSource, CountedHead } from "../../../lib/audit/verify-trail";
import type { JsonValue } from "../../../lib/json";
import { openSqlite, type SqliteConnection, type SqliteDriverName, type SqliteRow } from "../../stores/sqlite-driver";
import { readHeads } from "./chain-reader";
import { isClaimed } from "./node-claim";
import { hexOf } from "./range-reader";
import { createVerifyPool } from "./verify-pool";

const MOST_THREADS = 2;

const COUNT = "select count(*) as records from audit where node = ?";
const ROW_AT = "select boot, hash, record, kind from audit where node = ? and seq = ?";
const PAGE = 500;
const CHECKPOINTS = `select seq, record from audit where node = ? and seq > ? and seq <= ? and kind = 'checkpoint'
  order by seq limit ${PAGE}`;

/** A trail in a SQLite file, for a verifier; it may be written meanwhile. Throws ConfigurationError when it cannot be opened. */
export function sqliteTrailSource(
  path: string,
  options: { readonly driver?: SqliteDriverName } = {},
): ClosableTrailSource {
  const connection = openSqlite(path, { readonly: true, ...options });
  const pool = createVerifyPool(
    { path, now: Date.now(), driver: connection.driver },
    Math.min(MOST_THREADS, availableParallelism()),
  );
  const at = connection.prepare(ROW_AT);
  return Object.freeze({
    heads: async () => countedHeads(connection),
    running: async () => new Set(readHeads(connection).flatMap(({ node }) => (claimed(node) ? [node] : []))),
    verifyRange: (node: string, after: number, through: number) => pool.verify({ node, after, through }),
    linkAt: async (node: string, seq: number) => {
      const row = at.get(node, seq);
      return row === undefined ? null : { boot: String(row["boot"]), hash: hexOf(row["hash"] as Uint8Array) };
    },
    checkpoints: (node: string, through: number) => checkpointsOf(connection, node, through),
    checkpointAt: async (node: string, seq: number) => checkpointIn(at.get(node, seq)),
    async close(): Promise<void> {
      await pool.close();
      connection.close();
    },
  });

  function claimed(node: string): boolean {
    return isClaimed(path, node, connection.driver);
  }
}

function countedHeads(connection: SqliteConnection): readonly CountedHead[] {
  const count = connection.prepare(COUNT);
  return readHeads(connection).map((head) => ({ ...head, records: Number(count.get(head.node)?.["records"]) }));
}

async function* checkpointsOf(
  connection: SqliteConnection,
  node: string,
  through: number,
): AsyncGenerator<SignedCheckpoint> {
  const page = connection.prepare(CHECKPOINTS);
  for (let rows = page.all(node, 0, through); rows.length > 0;) {
    yield* rows.map(checkpointIn).filter((checkpoint) => checkpoint !== null);
    rows = page.all(node, rows.at(-1)?.["seq"] ?? through, through);
  }
}

/** What is no record, or none of a checkpoint, was found where the chain was read. */
function checkpointIn(row: SqliteRow | undefined): SignedCheckpoint | null {
  const bytes = row?.["record"];
  if (!(bytes instanceof Uint8Array)) return null;
  try {
    return readCheckpoint((parseRecord(bytes).checkpoint ?? null) as JsonValue);
  } catch {
    return null;
  }
}
