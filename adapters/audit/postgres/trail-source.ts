import { parseRecord } from "../../../lib/audit/canonical";
import type { SignedCheckpoint } from "../../../lib/audit/checkpoint";
import type { ChainColumns, ChainRow } from "../../../lib/audit/chain-row";
import { pruneNoteIn, type SignedPruneNote } from "../../../lib/audit/prune-note";
import { readCheckpoint } from "../../../lib/audit/read-checkpoint";
import { CHAIN_START } from "../../../lib/audit/stamp-record";
import { createRangeVerifier, type RangeReport, type RangeStart } from "../../../lib/audit/verify-range";
import type { ClosableTrailSource, CountedHead, StrayRows } from "../../../lib/audit/verify-trail";
import type { JsonValue } from "../../../lib/json";
import { createBoundedPool, type BoundedPool } from "../../postgres/bounded-pool";
import { lockNumber } from "../../postgres/lock-number";
import { boundedSettings, postgresAddress } from "../../postgres/postgres-address";
import { readHeads } from "./chain-reader";
import { deliveredPlaces } from "./delivered-places";

type Row = Readonly<Record<string, unknown>>;

const READERS = 2;
const PAGE = 1_000;
/** Of one page of rows. */
const TIMEOUT_MS = 30_000;
/** Until a reader is free: the chains of a trail are read at once, and those of many nodes wait for one another. */
const QUEUE_MS = 120_000;

const COUNT =
  "select count(*) as records, min(seq) as first from audit where node = $1 and seq between 1 and 9007199254740991";
const BEFORE = "select seq, hash, at from audit where node = $1 and seq <= $2 order by seq desc limit 1";
const ROWS = `select * from audit where node = $1 and seq > $2 and seq <= $3 order by seq limit ${PAGE}`;
const ROW_AT = "select boot, hash, at, record from audit where node = $1 and seq = $2";
const CHECKPOINTS = `select seq, record from audit where node = $1 and seq > $2 and seq <= $3 and kind = 'checkpoint'
  order by seq limit ${PAGE}`;
const ADMIN = `select seq, record from audit where node = $1 and seq <= $2 and kind = 'admin' order by seq desc limit ${PAGE}`;
const STRAYS = `select count(*) over () as count, node, boot, seq from audit
  where node = '' or seq < 1 or seq > 9007199254740991 order by node, seq limit 1`;
const DROP = `with gone as (
    delete from audit where node = $1 and seq in
      (select seq from audit where node = $1 and seq <= $2 order by seq limit ${PAGE}) returning 1
  ) select count(*) as dropped from gone`;
const CLAIMED = `select 1 from pg_locks where locktype = 'advisory' and granted and objsubid = 1
  and database = (select oid from pg_database where datname = current_database())
  and (classid::bigint << 32 | objid::bigint) = $1::bigint`;

/** A trail in PostgreSQL, for a verifier; it may be written meanwhile. */
export function postgresTrailSource(url: string): ClosableTrailSource {
  const settings = boundedSettings(postgresAddress(url), TIMEOUT_MS);
  const pool = createBoundedPool({ ...settings, connectionTimeoutMillis: QUEUE_MS, max: READERS });
  const query = (text: string, ...values: readonly unknown[]): Promise<readonly Row[]> => rowsOf(pool, text, values);
  const heads = async () => {
    const client = await pool.connect();
    return readHeads(client).finally(() => client.release());
  };
  return Object.freeze({
    heads: async (): Promise<readonly CountedHead[]> =>
      Promise.all((await heads()).map(async (head) => ({ ...head, ...(await countOf(query, head.node)) }))),
    async running(): Promise<ReadonlySet<string>> {
      const nodes = (await heads()).map(({ node }) => node);
      const held = await Promise.all(nodes.map((node) => query(CLAIMED, lockNumber("node", node))));
      return new Set(nodes.filter((_, index) => (held[index]?.length ?? 0) > 0));
    },
    verifyRange: (node: string, after: number, through: number, start?: RangeStart) =>
      verifyRows(query, { node, after, through }, start),
    async linkAt(node: string, seq: number) {
      const [row] = await query(ROW_AT, node, seq);
      return row === undefined ? null : { boot: String(row["boot"]), hash: hexOf(row["hash"]), at: String(row["at"]) };
    },
    checkpoints: (node: string, through: number) => checkpointsOf(query, node, through),
    checkpointAt: async (node: string, seq: number) => checkpointIn((await query(ROW_AT, node, seq))[0]),
    strays: async () => straysIn(await query(STRAYS)),
    delivered: () => deliveredPlaces(query),
    pruneNotes: (node: string, through: number) => pruneNotesOf(query, node, through),
    dropSome: async (node: string, through: number) => Number((await query(DROP, node, through))[0]?.["dropped"]),
    close: () => pool.end(),
  });
}

/** One stretch of one node's chain: `after < seq <= through`. */
interface RowRange {
  readonly node: string;
  readonly after: number;
  readonly through: number;
}

type Query = (text: string, ...values: readonly unknown[]) => Promise<readonly Row[]>;

async function rowsOf(pool: BoundedPool, text: string, values: readonly unknown[]): Promise<readonly Row[]> {
  const client = await pool.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    client.release();
  }
}

function straysIn([row]: readonly Row[]): StrayRows {
  if (row === undefined) return { count: 0, first: null };
  const first = { node: String(row["node"]), boot: String(row["boot"]), seq: Number(row["seq"]) };
  return { count: Number(row["count"]), first };
}

async function countOf(query: Query, node: string): Promise<Pick<CountedHead, "records" | "first">> {
  const [row] = await query(COUNT, node);
  return { records: Number(row?.["records"]), first: Number(row?.["first"]) };
}

async function verifyRows(
  query: Query,
  { node, after, through }: RowRange,
  start: RangeStart | undefined,
): Promise<RangeReport> {
  const verifier = createRangeVerifier(node, start ?? (await rangeStart(query, node, after)), Date.now());
  let rows = await query(ROWS, node, after, through);
  while (rows.length > 0) {
    for (const row of rows) verifier.next(chainRow(row));
    rows = await query(ROWS, node, rows.at(-1)?.["seq"], through);
  }
  return verifier.report();
}

async function rangeStart(query: Query, node: string, after: number): Promise<RangeStart> {
  const [row] = after === 0 ? [] : await query(BEFORE, node, after);
  const link = row?.["hash"];
  if (row === undefined || !(link instanceof Uint8Array)) return { ...CHAIN_START, at: null };
  const sound = link.length === CHAIN_START.link.length;
  return { seq: Number(row["seq"]), link: sound ? link : CHAIN_START.link, at: String(row["at"]) };
}

function chainRow({ record, hash, key_id, request_id, seq, status, position: _, ...columns }: Row): ChainRow {
  return {
    bytes: record as Uint8Array,
    hash: hexOf(hash),
    columns: {
      ...columns,
      keyId: key_id,
      requestId: request_id,
      seq: Number(seq),
      status: status === null ? null : Number(status),
    } as unknown as ChainColumns,
  };
}

async function* checkpointsOf(query: Query, node: string, through: number): AsyncGenerator<SignedCheckpoint> {
  for (let rows = await query(CHECKPOINTS, node, 0, through); rows.length > 0;) {
    yield* rows.map(checkpointIn).filter((checkpoint) => checkpoint !== null);
    rows = await query(CHECKPOINTS, node, rows.at(-1)?.["seq"], through);
  }
}

async function* pruneNotesOf(query: Query, node: string, through: number): AsyncGenerator<SignedPruneNote> {
  for (let rows = await query(ADMIN, node, through); rows.length > 0;) {
    yield* rows.map((row) => pruneNoteIn(row["record"])).filter((note) => note !== null);
    rows = await query(ADMIN, node, Number(rows.at(-1)?.["seq"]) - 1);
  }
}

/** What is no record, or none of a checkpoint, was found where the chain was read. */
function checkpointIn(row: Row | undefined): SignedCheckpoint | null {
  const bytes = row?.["record"];
  if (!(bytes instanceof Uint8Array)) return null;
  try {
    return readCheckpoint((parseRecord(bytes).checkpoint ?? null) as JsonValue);
  } catch {
    return null;
  }
}

function hexOf(bytes: unknown): string {
  return Buffer.from(bytes as Uint8Array).toString("hex");
}
