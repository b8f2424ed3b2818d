import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { createAdmin, type Admin, type AdminOptions } from "../../lib/admin";
import { auditEvent, type AuditEvent } from "../../lib/audit/record";
import { COMMAND_LINE_NODE } from "../../lib/audit/stamp-record";
import { requestId } from "../../lib/http/request-id";
import type { AuditLog } from "../../lib/ports/audit-log";
import type { Clock, RandomBytes } from "../../lib/ports/clock";
import type { Store } from "../../lib/ports/store";
import { readCheckpointKey } from "../../adapters/audit/checkpoint-key-file";
import { explainFailure, storeAt } from "./store-at";

/** The machine's own time and chance. */
export const SYSTEM: { readonly clock: Clock; readonly random: RandomBytes } = Object.freeze({
  clock: Object.freeze({ now: () => Date.now(), monotonic: () => performance.now() }),
  random: (size: number) => randomBytes(size),
});

/**
 * Runs the work on an open store and closes it, whatever happens. A database without a store is refused, so that looking
 * at the wrong one leaves nothing in it, unless the command is one that makes stores.
 */
export async function withStore<T>(
  database: string,
  work: (store: Store) => Promise<T>,
  { create = false }: { readonly create?: boolean } = {},
): Promise<T> {
  const store = storeAt(database, { create });
  try {
    await store.open();
    return await work(store);
  } catch (error) {
    throw explainFailure(database, error);
  } finally {
    await store.close();
  }
}

/** The chain that command lines write, each run as a boot of its own. A run that wrote ends with a signed checkpoint. */
export async function withAudit<T>(
  store: Store,
  work: (audit: AuditLog) => Promise<T>,
  key = checkpointKeyOf(store),
): Promise<T> {
  const writer = { node: COMMAND_LINE_NODE, boot: requestId(SYSTEM.clock.now(), SYSTEM.random) };
  const audit = store.auditLog(key === null ? writer : { ...writer, checkpointKey: key });
  const appended: number[] = [];
  const append: AuditLog["append"] = (events) => {
    appended.push(events.length);
    return audit.append(events);
  };
  try {
    return await work(Object.freeze({ ...audit, append }));
  } finally {
    // What was done is done and on record: the next checkpoint of any node covers it.
    if (appended.length > 0 && key !== null) await audit.append([checkpointEvent()]).catch(() => undefined);
    await audit.close();
  }
}

function checkpointEvent(): AuditEvent {
  return auditEvent("checkpoint", SYSTEM.clock.now(), {});
}

function checkpointKeyOf({ checkpointKeyFile }: Store): string | null {
  return checkpointKeyFile !== undefined && existsSync(checkpointKeyFile) ? readCheckpointKey(checkpointKeyFile) : null;
}

export type AdminSettings = Pick<AdminOptions, "peppers" | "organization" | "bus" | "contentKey" | "actingAs">;

/** The management service over an open store, with every change on record. */
export async function withAdmin<T>(
  store: Store,
  settings: AdminSettings,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  try {
    return await withAudit(store, (audit) => work(createAdmin({ ...settings, ...SYSTEM, store, audit })));
  } finally {
    await settings.bus?.close();
  }
}
