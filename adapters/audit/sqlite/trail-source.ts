import { availableParallelism } from "node:os";
import { parseRecord } from "../../../lib/audit/canonical";
import type { SignedCheckpoint } from "../../../lib/audit/checkpoint";
import type { DeliveredPlace } from "../../../lib/audit/cut-behind-sinks";
import { pruneNoteIn, type SignedPruneNote } from "../../../lib/audit/prune-note";
import { readCheckpoint } from "../../../lib/audit/read-checkpoint";
import type { Place, RangeStart } from "../../../lib/audit/verify-range";
import type { ClosableTrailSource, CountedHead, StrayRows } from "../../../lib/audit/verify-trail";
import type { JsonValue } from "../../../lib/json";
import { openSqlite, type SqliteConnection, type SqliteDriverName, type SqliteRow } from "../../stores/sqlite-driver";
import { readHeads } from "./chain-reader";
import { isClaimed } from "./node-claim";
import { asBytes, hexOf } from "./range-reader";
import { rowDropper } from "./row-dropper";
import { createVerifyPool } from "./verify-pool";

const MOST_THREADS = 2;

const COUNT =
  "select count(*) as records, min(seq) as first from audit where node = ? and seq between 1 and 9007199254740991";
const ROW_AT = "select boot, hash, at, record, kind from audit where node = ? and seq = ?";
const PAGE = 500;
const CHECKPOINTS = `select seq, record from audit where node = ? and seq > ? and seq <= ? and kind = 'checkpoint'
  order by seq limit ${PAGE}`;
const ADMIN = `select seq, record from audit where node = ? and seq <= ? and kind = 'admin' order by seq desc limit ${PAGE}`;

const STRAYS = `select count(*) over () as count, cast(node as text) as node, cast(boot as text) as boot, cast(seq as text) as seq from audit
  where typeof(node) <> 'text' or node = '' or typeof(seq) <> 'integer' or seq < 1 or seq > 9007199254740991
  order by audit.node, audit.seq limit 1`;

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
  const dropper = rowDropper(path, connection.driver);
  return Object.freeze({
    heads: async () => countedHeads(connection),
    running: async () => new Set(readHeads(connection).flatMap(({ node }) => (claimed(node) ? [node] : []))),
    verifyRange: (node: string, after: number, through: number, start?: RangeStart) =>
      pool.verify({ node, after, through, ...(start !== undefined && { start }) }),
    linkAt: async (node: string, seq: number) => {
      const row = at.get(node, seq);
      if (row === undefined) return null;
      return { boot: String(row["boot"]), hash: hexOf(asBytes(row["hash"] ?? null)), at: String(row["at"]) };
    },
    checkpoints: (node: string, through: number) => checkpointsOf(connection, node, through),
    checkpointAt: async (node: string, seq: number) => checkpointIn(at.get(node, seq)),
    strays: async () => straysIn(connection),
    delivered: async () => deliveredIn(connection),
    pruneNotes: (node: string, through: number) => pruneNotesOf(connection, node, through),
    dropSome: async (node: string, through: number) => dropper.drop(node, through),
    async close(): Promise<void> {
      dropper.close();
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
  return readHeads(connection).map((head) => {
    const { records, first } = count.get(head.node) ?? {};
    return { ...head, records: Number(records), first: Number(first) };
  });
}

function straysIn(connection: SqliteConnection): StrayRows {
  // As text: a position may be larger than a number holds, and then reading it fails.
  const row = connection.prepare(STRAYS).get();
  return row === undefined ? { count: 0, first: null } : { count: Number(row["count"]), first: placeOf(row) };
}

function placeOf({ node, boot, seq }: SqliteRow): Place {
  return { node: String(node), boot: String(boot), seq: Number(seq) || 0 };
}

/** A trail in a database of its own, or an old one, has no places of sinks. */
function deliveredIn(connection: SqliteConnection): readonly DeliveredPlace[] {
  const table = connection.prepare("select 1 from sqlite_master where name = 'audit_sink_places'").get();
  if (table === undefined) return [];
  const rows = connection.prepare("select sink, node, seq from audit_sink_places").all();
  return rows.map(({ sink, node, seq }) => ({ sink: String(sink), node: String(node), seq: Number(seq) }));
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

async function* pruneNotesOf(
  connection: SqliteConnection,
  node: string,
  through: number,
): AsyncGenerator<SignedPruneNote> {
  const page = connection.prepare(ADMIN);
  for (let rows = page.all(node, through); rows.length > 0;) {
    yield* rows.map((row) => pruneNoteIn(row["record"])).filter((note) => note !== null);
    rows = page.all(node, Number(rows.at(-1)?.["seq"]) - 1);
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
