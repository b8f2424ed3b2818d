import type { Change } from "../ports/store";

/** What a node may no longer believe after some changes, by id. */
export interface Affected {
  readonly keys: ReadonlySet<string>;
  /** All keys of these users. */
  readonly users: ReadonlySet<string>;
  /** All keys and the catalogue of these organisations. */
  readonly organizations: ReadonlySet<string>;
  readonly catalogues: ReadonlySet<string>;
}

/** Sorts changes by how far they reach. A group, and any subject that is not known here, reaches its whole organisation. */
export function affectedBy(changes: readonly Change[]): Affected {
  const affected = {
    keys: new Set<string>(),
    users: new Set<string>(),
    organizations: new Set<string>(),
    catalogues: new Set<string>(),
  };
  for (const { subject, subjectId, organizationId } of changes) {
    if (subject === "key") affected.keys.add(subjectId);
    else if (subject === "user") affected.users.add(subjectId);
    else if (subject === "model") affected.catalogues.add(organizationId);
    else affected.organizations.add(organizationId);
  }
  return affected;
}
