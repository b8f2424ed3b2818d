import {
  ROLES,
  USER_STATUSES,
  type CatalogueModel,
  type Group,
  type Organization,
  type User,
} from "../../../lib/policy/domain";
import type { KeyLimits, KeyRecord, StoredKey } from "../../../lib/ports/store";
import {
  booleanColumn,
  bytesColumn,
  integerColumn,
  optionalInteger,
  optionalText,
  optionalTextList,
  textColumn,
  textListColumn,
  wordColumn,
} from "./columns";
import type { DlpColumn } from "./dlp-column";
import type { GroupRow, KeyRow, ModelRow, OrganizationRow, UserRow } from "./schema";

/** Columns as a query gives them: nothing about them is believed before it is checked. */
type Columns<Row> = { readonly [Column in keyof Row]?: unknown };

export function readOrganization(row: Columns<OrganizationRow>, dlp: DlpColumn): Organization {
  return Object.freeze({
    id: textColumn(row.id, "organizations.id"),
    name: textColumn(row.name, "organizations.name"),
    dlp: dlp(row.dlp, "organizations.dlp"),
  });
}

export function readUser(row: Columns<UserRow>): User {
  return Object.freeze({
    id: textColumn(row.id, "users.id"),
    email: textColumn(row.email, "users.email"),
    role: wordColumn(row.role, ROLES, "users.role"),
    status: wordColumn(row.status, USER_STATUSES, "users.status"),
  });
}

export function readGroup(row: Columns<GroupRow>, dlp: DlpColumn): Group {
  return Object.freeze({
    id: textColumn(row.id, "groups.id"),
    name: textColumn(row.name, "groups.name"),
    personalApiKeyAccess: booleanColumn(row.personal_api_key_access, "groups.personal_api_key_access"),
    askModeOnly: booleanColumn(row.ask_mode_only, "groups.ask_mode_only"),
    models: textListColumn(row.models, "groups.models"),
    providers: textListColumn(row.providers, "groups.providers"),
    denyModels: textListColumn(row.deny_models, "groups.deny_models"),
    denyProviders: textListColumn(row.deny_providers, "groups.deny_providers"),
    dlp: dlp(row.dlp, "groups.dlp"),
  });
}

export function readModel(row: Columns<ModelRow>, dlp: DlpColumn): CatalogueModel {
  return Object.freeze({
    id: textColumn(row.id, "models.id"),
    provider: textColumn(row.provider, "models.provider"),
    displayName: textColumn(row.display_name, "models.display_name"),
    enabled: booleanColumn(row.enabled, "models.enabled"),
    upstreamModel: optionalText(row.upstream_model, "models.upstream_model"),
    dlp: dlp(row.dlp, "models.dlp"),
  });
}

export function readStoredKey(row: Columns<KeyRow>): StoredKey {
  return Object.freeze({
    id: textColumn(row.id, "keys.id"),
    name: textColumn(row.name, "keys.name"),
    userId: textColumn(row.user_id, "keys.user_id"),
    digest: bytesColumn(row.digest, "keys.digest"),
    pepperVersion: integerColumn(row.pepper_version, "keys.pepper_version"),
    createdAt: integerColumn(row.created_at, "keys.created_at"),
    expiresAt: optionalInteger(row.expires_at, "keys.expires_at"),
    revokedAt: optionalInteger(row.revoked_at, "keys.revoked_at"),
    ...readLimits(row),
  });
}

function readLimits(row: Columns<KeyRow>): KeyLimits {
  return {
    models: optionalTextList(row.key_models, "keys.key_models"),
    networks: optionalTextList(row.key_networks, "keys.key_networks"),
  };
}

export function readKeyRecord(row: Columns<KeyRow> & { readonly email?: unknown }): KeyRecord {
  return Object.freeze({
    id: textColumn(row.id, "keys.id"),
    name: textColumn(row.name, "keys.name"),
    user: textColumn(row.email, "users.email"),
    createdAt: integerColumn(row.created_at, "keys.created_at"),
    expiresAt: optionalInteger(row.expires_at, "keys.expires_at"),
    revokedAt: optionalInteger(row.revoked_at, "keys.revoked_at"),
    replaces: optionalText(row.replaces, "keys.replaces"),
    lastUsedAt: optionalInteger(row.last_used_at, "keys.last_used_at"),
    imported: booleanColumn(row.imported ?? 0, "keys.imported"),
    ...readLimits(row),
  });
}
