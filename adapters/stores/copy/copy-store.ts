import { ConfigurationError } from "../../../lib/denial";
import { inWriteTransaction } from "../kysely/write-transaction";
import type { SqlSeam } from "../kysely/seam";
import { auditBatch, chainHeads } from "./audit-rows";
import { countRows, tableBatch, type Batch, type Place } from "./copied-rows";
import { COPIED_TABLES } from "./copied-tables";
import {
  beginCopy,
  copyState,
  finishCopy,
  noteCopy,
  sourceState,
  type CopyState,
  type SourceState,
} from "./copy-state";

/** Both migrated and open; nobody may write to either. */
export interface CopyParts {
  readonly from: SqlSeam;
  readonly to: SqlSeam;
  readonly onProgress?: (table: string, rows: number, total: number) => void;
}

export interface CopyReport {
  /** Of each table, the same in both stores. */
  readonly rows: Readonly<Record<string, number>>;
  /** The copy was finished before, and may have been written to since: nothing was done. */
  readonly before: boolean;
}

const LOCK = "copy";
const AUDIT = "audit";
const STEPS: readonly string[] = [...COPIED_TABLES.map(({ name }) => name), AUDIT];

/**
 * Copies a whole store into an empty one, some rows at a time, each time with a note of how far it has come: what was
 * killed goes on there. Records of the audit trail are copied byte by byte and in their order. Rejects with a
 * ConfigurationError when the target holds other data, or the source was written to meanwhile.
 */
export async function copyStore(parts: CopyParts): Promise<CopyReport> {
  const { from, to } = parts;
  const source = await sourceState(from);
  const begun = await takenUp(parts, source);
  if (begun.finishedAt !== null) return { rows: await rowsOf(to), before: true };
  for (const step of STEPS.slice(STEPS.indexOf(begun.step))) {
    await copyTable(parts, step, step === begun.step ? begun.after : null);
  }
  const rows = await compared(parts, source);
  await inWriteTransaction(to, LOCK, finishCopy);
  return { rows, before: false };
}

/** The copy that was begun before, or a new one into an empty database. */
async function takenUp({ to }: CopyParts, source: SourceState): Promise<CopyState> {
  const [first = AUDIT] = STEPS;
  return inWriteTransaction(to, LOCK, async (tx) => {
    const state = await copyState(tx);
    if (state === null) {
      for (const table of STEPS) if ((await countRows(tx, table)) > 0) throw holdsOther(to);
      await beginCopy(tx, source, first);
      return { ...source, step: first, after: null, finishedAt: null };
    }
    if (state.source !== source.source) throw holdsOther(to);
    if (state.epoch !== source.epoch || state.records !== source.records) throw changedSince(to);
    return state;
  });
}

async function copyTable(parts: CopyParts, step: string, begun: Place | null): Promise<void> {
  const { from, to, onProgress } = parts;
  const total = await countRows(from.reads, step);
  let rows = begun === null ? 0 : await countRows(to.reads, step);
  for (let after = begun; ;) {
    const batch = await nextBatch(parts, step, after);
    if (batch.rows === 0) return;
    await inWriteTransaction(to, LOCK, async (tx) => {
      await batch.write(tx);
      await noteCopy(tx, step, batch.place);
    });
    after = batch.place;
    rows += batch.rows;
    onProgress?.(step, rows, total);
  }
}

function nextBatch({ from, to }: CopyParts, step: string, after: Place | null): Promise<Batch> {
  const table = COPIED_TABLES.find(({ name }) => name === step);
  return table === undefined ? auditBatch(from, to, after) : tableBatch(from.reads, table, after);
}

/** What was there when the copy began is there now, and nothing came meanwhile. */
async function compared({ from, to }: CopyParts, source: SourceState): Promise<CopyReport["rows"]> {
  const now = await sourceState(from);
  if (now.epoch !== source.epoch || now.records !== source.records) throw changedSince(to);
  const [here, there] = [await rowsOf(from), await rowsOf(to)];
  const other = STEPS.find((table) => here[table] !== there[table]);
  if (other !== undefined) throw differs(to, `${other} has ${there[other] ?? 0} rows instead of ${here[other] ?? 0}`);
  if ((await chainHeads(from)) !== (await chainHeads(to))) {
    throw differs(to, "the audit trail ends otherwise");
  }
  return here;
}

async function rowsOf({ reads }: SqlSeam): Promise<CopyReport["rows"]> {
  const rows: Record<string, number> = {};
  for (const table of STEPS) rows[table] = await countRows(reads, table);
  return rows;
}

function holdsOther({ label }: SqlSeam): ConfigurationError {
  return new ConfigurationError("copy_target", `${label} holds other data: copy into an empty database.`);
}

function changedSince({ label }: SqlSeam): ConfigurationError {
  return new ConfigurationError(
    "copy_changed",
    `The source was written to since the copy into ${label} began: stop every gate and command line that uses it, empty the target, and copy again.`,
  );
}

function differs({ label }: SqlSeam, how: string): ConfigurationError {
  return new ConfigurationError(
    "copy_differs",
    `The copy in ${label} is not the source: ${how}. Empty it, and copy again.`,
  );
}
