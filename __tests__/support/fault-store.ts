import type { Catalogue } from "../../lib/policy/domain";
import type { Change, KeySnapshot, Store } from "../../lib/ports/store";

type ReadSide = Pick<Store, "findKey" | "catalogue" | "epoch" | "changesSince">;

/** A store's read side that can be slow, broken or hung on command, and counts what is asked of it. */
export interface FaultStore extends ReadSide {
  readonly keys: Map<string, KeySnapshot>;
  readonly catalogues: Map<string, Catalogue>;
  readonly asked: { findKey: number; catalogue: number; epoch: number; changesSince: number };
  /** Called before each answer: throw to fail, return a promise to delay, never resolve to hang. */
  fault: (method: keyof ReadSide, id?: string) => unknown;
  /** Called after the value was read and before it is handed over: a delay here makes an answer late. */
  late: (method: keyof ReadSide, id?: string) => unknown;
  /** Raises the epoch, as every mutation does. */
  changed(change: Pick<Change, "subject" | "subjectId">, organizationId?: string): void;
  /** Raises the epoch and loses the entry of the change log. */
  changedUntold(): void;
}

export function faultStore(): FaultStore {
  const changes: Change[] = [];
  let epoch = 1;
  async function answer<T>(method: keyof ReadSide, read: () => T, id?: string): Promise<T> {
    store.asked[method] += 1;
    await store.fault(method, id);
    const value = read();
    await store.late(method, id);
    return value;
  }
  const store: FaultStore = {
    keys: new Map(),
    catalogues: new Map(),
    asked: { findKey: 0, catalogue: 0, epoch: 0, changesSince: 0 },
    fault: () => undefined,
    late: () => undefined,
    findKey: (id) => answer("findKey", () => store.keys.get(id) ?? null, id),
    catalogue: (id) => answer("catalogue", () => store.catalogues.get(id) ?? { epoch, models: new Map() }, id),
    epoch: () => answer("epoch", () => epoch),
    changesSince: (since) => answer("changesSince", () => changes.filter((change) => change.epoch > since)),
    changed(change, organizationId = "o1") {
      epoch += 1;
      changes.push({ ...change, organizationId, epoch });
    },
    changedUntold: () => void (epoch += 1),
  };
  return store;
}
