import type { AuditLogOptions } from "../../lib/ports/audit-log";
import type { AdminTransaction, KeySnapshot, Store } from "../../lib/ports/store";
import { memoryAuditLog, memoryTrail } from "../audit/memory";
import { LEDGER_TTL_MS } from "./ledger-entry";
import { memoryTransaction } from "./memory-admin";
import { memoryLedger } from "./memory-ledger";
import { memoryContentKeys } from "./memory-content-keys";
import { memoryNodes } from "./memory-nodes";
import { memorySinks } from "./memory-sinks";
import { memoryPeppers } from "./memory-peppers";
import { copyState, emptyState, epochOf, ownedBy, type MemoryState } from "./memory-state";

export interface MemoryStoreOptions {
  /** How long the owner of a response id is remembered. Default 30 days. */
  readonly ledgerTtlMs?: number;
  /** Milliseconds since the Unix epoch; for tests. */
  readonly now?: () => number;
}

const MOST_CHANGES = 1_000;

/** A store for tests and trials: it keeps the port's whole contract, and forgets everything with the process. */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const now = options.now ?? Date.now;
  const trail = memoryTrail();
  let state = emptyState();
  let open = false;
  const opened = (): MemoryState => {
    if (!open) throw new Error("The memory store is not open.");
    return state;
  };
  const transaction = inTurn(async <T>(work: (tx: AdminTransaction) => Promise<T>): Promise<T> => {
    const copy = copyState(opened());
    const result = await work(memoryTransaction(copy, now));
    state = copy;
    return result;
  });
  return Object.freeze({
    name: "memory",
    open: async () => void (open = true),
    findKey: async (keyId: string) => snapshotOf(opened(), keyId),
    catalogue: async (organizationId: string) => catalogueOf(opened(), organizationId),
    epoch: async () => epochOf(opened()),
    changesSince: async (epoch: number) => opened().changes.slice(epoch, epoch + MOST_CHANGES),
    ledger: memoryLedger(options.ledgerTtlMs ?? LEDGER_TTL_MS, now, opened),
    admin: Object.freeze({ transaction }),
    markUsed: async (uses: ReadonlyMap<string, number>) => {
      for (const [keyId, at] of uses) opened().lastUses.set(keyId, at);
    },
    ...memoryPeppers(opened, now),
    nodes: memoryNodes(now),
    sinks: memorySinks(now),
    contentKeys: memoryContentKeys(),
    auditLog: (log: AuditLogOptions) => memoryAuditLog(log, trail),
    close: async () => void (open = false),
  });
}

type Transaction = Store["admin"]["transaction"];

/** One after the other, in the order of the calls; a failed one does not stop the next. */
function inTurn(run: Transaction): Transaction {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(() => run(work));
    last = result.catch(() => undefined);
    return result;
  };
}

function snapshotOf(state: MemoryState, keyId: string): KeySnapshot | null {
  const owned = state.keys.get(keyId);
  if (owned === undefined) return null;
  const owner = state.users.get(owned.value.userId)?.value;
  const organization = state.organizations.get(owned.organizationId);
  if (owner === undefined || organization === undefined) throw new Error("The store holds a key without an owner.");
  const groups = owner.groupIds.flatMap((id) => state.groups.get(id)?.value ?? []);
  return Object.freeze({
    epoch: epochOf(state),
    key: Object.freeze({ ...owned.value, digest: Uint8Array.from(owned.value.digest) }),
    user: owner.user,
    organization,
    groups: Object.freeze(groups.sort((a, b) => (a.name < b.name ? -1 : 1))),
  });
}

function catalogueOf(state: MemoryState, organizationId: string) {
  const models = ownedBy(state.models, organizationId, (model) => model.id);
  return Object.freeze({ epoch: epochOf(state), models: new Map(models.map((model) => [model.id, model])) });
}
