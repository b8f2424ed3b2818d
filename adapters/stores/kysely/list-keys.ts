import type { Kysely } from "kysely";
import type { KeyQuery } from "../../../lib/ports/store";
import type { Schema } from "./schema";

/** The keys of an organisation with the addresses of their owners. */
export function ownedKeys(db: Kysely<Schema>, organizationId: string) {
  return keysWithOwners(db).where("keys.organization_id", "=", organizationId);
}

/** Newest first, from an index that is in this order: a page costs what is on it, however many keys there are. */
export function listedKeys(db: Kysely<Schema>, organizationId: string, query: KeyQuery) {
  const { user, pepperVersion, after, limit } = query;
  let keys = (user === undefined ? ownedKeys(db, organizationId) : keysOf(db, organizationId, user))
    .orderBy("keys.created_at", "desc")
    .orderBy("keys.id", "desc");
  if (pepperVersion !== undefined) keys = keys.where("keys.pepper_version", "=", pepperVersion);
  if (after !== undefined) {
    const { createdAt, id } = after;
    keys = keys.where(({ eb, refTuple, tuple }) =>
      eb(refTuple("keys.created_at", "keys.id"), "<", tuple(createdAt, id)),
    );
  }
  return limit === undefined ? keys : keys.limit(limit);
}

/** An outer join, though every key has an owner: keys are read in their order, and not users with the keys of each. */
function keysWithOwners(db: Kysely<Schema>) {
  return db.selectFrom("keys").leftJoin("users", "users.id", "keys.user_id").selectAll("keys").select("users.email");
}

/**
 * Of all who have, or had, this address. Nothing is said of the keys' organisation, which is their owners': a database would
 * read all keys of an organisation in order, to find a user's among them.
 */
function keysOf(db: Kysely<Schema>, organizationId: string, email: string) {
  return keysWithOwners(db).where("keys.user_id", "in", ({ selectFrom }) =>
    selectFrom("users as owners")
      .select("owners.id")
      .where("owners.organization_id", "=", organizationId)
      .where("owners.email", "=", email),
  );
}
