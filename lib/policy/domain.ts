import type { DlpPolicy } from "../dlp/policy";

export const ROLES = ["user", "administrator"] as const;
export type Role = (typeof ROLES)[number];

export const USER_STATUSES = ["active", "suspended"] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** What a group gives its members. Lists hold exact ids or one trailing `*`; an empty list grants nothing. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly personalApiKeyAccess: boolean;
  readonly askModeOnly: boolean;
  readonly models: readonly string[];
  readonly providers: readonly string[];
  readonly denyModels: readonly string[];
  readonly denyProviders: readonly string[];
  readonly dlp: DlpPolicy | null;
}

export interface User {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly status: UserStatus;
}

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly dlp: DlpPolicy | null;
}

/** One entry of the organisation's catalogue, the ceiling over every grant. */
export interface CatalogueModel {
  readonly id: string;
  readonly provider: string;
  readonly displayName: string;
  readonly enabled: boolean;
  /** What the provider calls it, where that differs from `id`. */
  readonly upstreamModel: string | null;
  readonly dlp: DlpPolicy | null;
}

/** The catalogue as it stood at one epoch, by id. */
export interface Catalogue {
  readonly epoch: number;
  readonly models: ReadonlyMap<string, CatalogueModel>;
}

/** The user that a key acts for, as the store knew it at `epoch`. Deeply frozen. */
export interface Principal {
  readonly keyId: string;
  readonly keyName: string;
  readonly user: User;
  readonly organization: Organization;
  readonly groups: readonly Group[];
  readonly epoch: number;
}
