import type { SqlInteger } from "./columns";

/** Truth values are 0 and 1, lists and policies JSON text, times milliseconds since the Unix epoch: the same in every dialect. */
export interface Schema {
  organizations: OrganizationRow;
  users: UserRow;
  groups: GroupRow;
  memberships: { organization_id: string; user_id: string; group_id: string };
  models: ModelRow;
  keys: KeyRow;
  responses: ResponseRow;
  nodes: NodeRow;
  audit_sinks: { sink: string; moved_at: SqlInteger | null; error: string | null };
  audit_sink_places: SinkRow;
  copies: CopyRow;
  changes: { epoch: SqlInteger; organization_id: string; subject: string; subject_id: string };
  content_keys: ContentKeyRow;
  pepper_checks: { version: SqlInteger; proof: Uint8Array };
  gate_migrations: { version: SqlInteger; name: string; applied_at: SqlInteger };
}

export interface ContentKeyRow {
  id: string;
  organization: string;
  user: string;
  wrapped: Uint8Array | null;
  wrapped_by: string;
  created_at: SqlInteger;
}

export interface OrganizationRow {
  id: string;
  name: string;
  dlp: string | null;
}

export interface UserRow {
  id: string;
  organization_id: string;
  email: string;
  role: string;
  status: string;
  /** Removed users stay, so that their revoked keys can still be told from unknown ones. */
  removed_at: SqlInteger | null;
}

export interface GroupRow {
  id: string;
  organization_id: string;
  name: string;
  personal_api_key_access: SqlInteger;
  ask_mode_only: SqlInteger;
  models: string;
  providers: string;
  deny_models: string;
  deny_providers: string;
  dlp: string | null;
}

export interface ModelRow {
  id: string;
  organization_id: string;
  provider: string;
  display_name: string;
  enabled: SqlInteger;
  upstream_model: string | null;
  dlp: string | null;
}

export interface KeyRow {
  id: string;
  organization_id: string;
  user_id: string;
  name: string;
  digest: Uint8Array;
  pepper_version: SqlInteger;
  created_at: SqlInteger;
  expires_at: SqlInteger | null;
  revoked_at: SqlInteger | null;
  replaces: string | null;
  rotation: string | null;
  key_models: string | null;
  key_networks: string | null;
  last_used_at: SqlInteger | null;
  /** 1 for a key that another system made; null in rows of older releases. */
  imported: SqlInteger | null;
}

/** A copy of another store into this one. `step` and `after` say up to where it has come. */
export interface CopyRow {
  source: string;
  epoch: SqlInteger;
  records: SqlInteger;
  step: string;
  after: string | null;
  finished_at: SqlInteger | null;
}

export interface NodeRow {
  node: string;
  boot: string;
  started_at: SqlInteger;
  seen_at: SqlInteger;
  applied_epoch: SqlInteger | null;
  /** Null in rows of older releases, as is `buses`, which is JSON. */
  stale_ms: SqlInteger | null;
  buses: string | null;
}

export interface SinkRow {
  sink: string;
  node: string;
  seq: SqlInteger;
  holder: string | null;
  held_until: SqlInteger;
}

export interface ResponseRow {
  organization_id: string;
  response_id: string;
  user_id: string;
  upstream: string;
  tool_free: SqlInteger;
  expires_at: SqlInteger;
}
