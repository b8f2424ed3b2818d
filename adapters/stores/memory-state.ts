import type { CatalogueModel, Group, Organization, User } from "../../lib/policy/domain";
import type { Change, ChangeSubject, KeyRotation, ListPage, StoredKey } from "../../lib/ports/store";

/** Frozen values in maps that are replaced as a whole: a transaction works on a copy and is committed by one assignment. */
export interface MemoryState {
  readonly organizations: Map<string, Organization>;
  readonly groups: Map<string, Owned<Group>>;
  readonly models: Map<string, Owned<CatalogueModel>>;
  readonly users: Map<string, Owned<MemoryUser>>;
  readonly keys: Map<string, Owned<StoredKey>>;
  /** By the id of the key that a rotation made. */
  readonly rotations: Map<string, KeyRotation>;
  /** When a key was last used, by its id. */
  readonly lastUses: Map<string, number>;
  /** Ids of the keys that another system made. */
  readonly imported: Set<string>;
  readonly changes: Change[];
}

/** Whose it is, beside what it is. */
export interface Owned<Value> {
  readonly organizationId: string;
  readonly value: Value;
}

export interface MemoryUser {
  readonly user: User;
  readonly groupIds: readonly string[];
  readonly removed: boolean;
}

export function emptyState(): MemoryState {
  return {
    organizations: new Map(),
    groups: new Map(),
    models: new Map(),
    users: new Map(),
    keys: new Map(),
    rotations: new Map(),
    lastUses: new Map(),
    imported: new Set(),
    changes: [],
  };
}

export function copyState(state: MemoryState): MemoryState {
  return {
    organizations: new Map(state.organizations),
    groups: new Map(state.groups),
    models: new Map(state.models),
    users: new Map(state.users),
    keys: new Map(state.keys),
    rotations: new Map(state.rotations),
    lastUses: new Map(state.lastUses),
    imported: new Set(state.imported),
    changes: [...state.changes],
  };
}

export function epochOf(state: MemoryState): number {
  return state.changes.length;
}

export function recordChange(
  state: MemoryState,
  organizationId: string,
  subject: ChangeSubject,
  subjectId: string,
): void {
  state.changes.push(Object.freeze({ epoch: epochOf(state) + 1, organizationId, subject, subjectId }));
}

/** The values of one organisation, ordered by a text of theirs as databases order it: by code unit. */
export function ownedBy<Value>(
  values: ReadonlyMap<string, Owned<Value>>,
  organizationId: string,
  order: (value: Value) => string,
): readonly Value[] {
  const found = [...values.values()]
    .filter((owned) => owned.organizationId === organizationId)
    .map((owned) => owned.value);
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** The part of an ordered list that a page asks for. */
export function pageOf<Value>(
  values: readonly Value[],
  order: (value: Value) => string,
  { after, limit }: ListPage,
): readonly Value[] {
  return values.filter((value) => after === undefined || order(value) > after).slice(0, limit);
}

export function assertOrganization(state: MemoryState, organizationId: string): void {
  if (!state.organizations.has(organizationId)) throw new RangeError("There is no such organization.");
}
