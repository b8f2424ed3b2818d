/** A table that is copied row by row, in the order of its key. */
export interface CopiedTable {
  readonly name: string;
  readonly key: readonly [string, ...string[]];
}

/**
 * Every table of the schema but the audit trail, which has an order of its own, and those that tell of one database only
 * (`gate_migrations`, `copies`); each after the tables that it refers to.
 */
export const COPIED_TABLES: readonly CopiedTable[] = [
  { name: "organizations", key: ["id"] },
  { name: "users", key: ["id"] },
  { name: "groups", key: ["id"] },
  { name: "memberships", key: ["user_id", "group_id"] },
  { name: "models", key: ["organization_id", "id"] },
  { name: "keys", key: ["id"] },
  { name: "responses", key: ["organization_id", "response_id"] },
  { name: "nodes", key: ["node"] },
  { name: "pepper_checks", key: ["version"] },
  { name: "content_keys", key: ["id"] },
  { name: "audit_sinks", key: ["sink"] },
  { name: "audit_sink_places", key: ["sink", "node"] },
  { name: "changes", key: ["epoch"] },
];
