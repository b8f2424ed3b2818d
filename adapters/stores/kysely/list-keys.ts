import type { Kysely } from "kysely";
import type { KeyQuery } from "../../../lib/ports/store";
import type { Schema } from "./schema";

/** The keys of an organisation with the addresses of their owners. */
export function ownedKeys(db: Kysely<Schema>, organizationId: string) {
  return db
    .selectFrom("keys")
    .innerJoin("users", "users.id", "keys.user_id")
    .where("keys.organization_id", "=", organizationId)
    .selectAll("keys")
    .select("users.email");
}

/** Newest first, from an index that is in this order: a page costs what is on it, however many keys there are. */
export function listedKeys(db: Kysely<Schema>, organizationId: string, query: KeyQuery) {
  const { user, pepperVersion, after, limit } = query;
  let keys = ownedKeys(db, organizationId).orderBy("keys.created_at", "desc").orderBy("keys.id", "desc");
  if (user !== undefined) keys = keys.where("keys.user_id", "in", owners(db, organizationId, user));
  if (pepperVersion !== undefined) keys = keys.where("keys.pepper_version", "=", pepperVersion);
  if (after !== undefined) {
    const { createdAt, id } = after;
    keys = keys.where(({ eb, refTuple, tuple }) =>
      eb(refTuple("keys.created_at", "keys.id"), "<", tuple(createdAt, id)),
    );
  }
  return limit === undefined ? keys : keys.limit(limit);
}

/** All who have, or had, this address. */
function owners(db: Kysely<Schema>, organizationId: string, email: string) {
  return db
    .selectFrom("users as owners")
    .select("owners.id")
    .where("owners.organization_id", "=", organizationId)
    .where("owners.email", "=", email);
}
