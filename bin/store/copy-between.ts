import { copyStore, type CopyReport } from "../../adapters/stores/copy/copy-store";
import { migrate, refuseUnmade } from "../../adapters/stores/kysely/migrate";
import { createNodes } from "../../adapters/stores/kysely/nodes";
import type { SqlSeam } from "../../adapters/stores/kysely/seam";
import { postgresAddress } from "../../adapters/postgres/postgres-address";
import { connectPostgres } from "../../adapters/stores/postgres/postgres-seam";
import { connectSqlite } from "../../adapters/stores/sqlite-seam";
import { auditEvent } from "../../lib/audit/record";
import { NODE_LEASE_MS } from "../../lib/register-node";
import { CommandError } from "../command-error";
import { progressLine } from "../output/progress-line";
import type { Terminal } from "../terminal";
import { explainFailure, isPostgres, labelOf } from "./store-at";
import { SYSTEM, withAudit, withStore } from "./with-store";

export interface CopyRequest {
  /** Paths or URLs. */
  readonly from: string;
  readonly to: string;
  /** Though gates seem to run. */
  readonly force: boolean;
}

/** Batches are small; counting a long trail takes a while. */
const PATIENCE_MS = 600_000;

/** Copies, and puts the copy on the target's own record. */
export async function copyBetween({ from, to, force }: CopyRequest, terminal: Terminal): Promise<CopyReport> {
  const onProgress = progressLine(terminal, "rows copied");
  const report = await withSeam(from, refuseUnmade, (source) =>
    withSeam(to, migrate, async (target) => {
      if (!force) for (const seam of [source, target]) await refuseLive(seam);
      return copyStore({ from: source, to: target, onProgress: (_, done, total) => onProgress(done, total) });
    }),
  );
  if (!report.before) await record(from, to, report);
  return report;
}

/** What is copied from must be a store, and may be an older one; what is copied to becomes one. */
async function withSeam<T>(
  database: string,
  prepare: (seam: SqlSeam) => Promise<void>,
  work: (seam: SqlSeam) => Promise<T>,
): Promise<T> {
  const seam = await connect(database).catch((error: unknown) => {
    throw explainFailure(database, error);
  });
  try {
    await prepare(seam);
    return await work(seam);
  } catch (error) {
    throw explainFailure(database, error);
  } finally {
    await seam.close();
  }
}

async function connect(database: string): Promise<SqlSeam> {
  return isPostgres(database) ? connectPostgres(postgresAddress(database), null, PATIENCE_MS) : connectSqlite(database);
}

async function refuseLive(seam: SqlSeam): Promise<void> {
  const live = await createNodes(seam, seam.now ?? (async () => Date.now())).live(NODE_LEASE_MS);
  if (live.length === 0) return;
  const names = live.map(({ node }) => node).join(", ");
  throw new CommandError(
    "store_live",
    1,
    `Gates run on ${seam.label} (${names}): stop them first. If they are dead for sure, wait 15 seconds or say --force.`,
  );
}

async function record(from: string, to: string, { rows }: CopyReport): Promise<void> {
  const change = { subject: "store", before: { store: labelOf(from) }, after: { store: labelOf(to), rows } };
  const event = auditEvent("admin", SYSTEM.clock.now(), { operation: "store.copy", change });
  await withStore(to, (store) => withAudit(store, (audit) => audit.append([event])));
}
