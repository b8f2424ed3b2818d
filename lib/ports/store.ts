import type { Catalogue, CatalogueModel, Group, Organization, Role, User, UserStatus } from "../policy/domain";
import type { DlpPolicy } from "../dlp/policy";
import type { AuditLog, AuditLogOptions } from "./audit-log";
import type { Bus } from "./bus";
import type { ContentKeys } from "./content-keys";
import type { NodeRegistry } from "./node-registry";
import type { ResponseLedger } from "./response-ledger";
import type { KeyChange, KeyQuery, KeyRecord, KeyRehash, NewKey, PepperUse, StoredKey } from "./stored-key";

export type {
  KeyChange,
  KeyLimits,
  KeyQuery,
  KeyRecord,
  KeyRehash,
  KeyRotation,
  NewKey,
  PepperUse,
  StoredKey,
} from "./stored-key";
import type { ClosableTrailSource } from "../audit/verify-trail";
import type { SinkRegistry } from "./sink-registry";

/** Everything a decision needs, read at one moment. Deeply frozen. */
export interface KeySnapshot {
  readonly epoch: number;
  readonly key: StoredKey;
  readonly user: User;
  readonly organization: Organization;
  /** Groups whose row exists; a dangling membership grants nothing. */
  readonly groups: readonly Group[];
}

/**
 * Where organisations, users, groups, models and keys live.
 *
 * Errors: every method rejects when the store cannot answer; "not there" is a value (`null`), never an error.
 * Order: a read that starts after a mutation resolved sees that mutation.
 * Every mutation that changes something raises the epoch by one, in its own transaction.
 */
export interface Store {
  readonly name: string;
  /** Opens and migrates. Idempotent; rejects with a ConfigurationError whose sentence an operator can act on. */
  open(): Promise<void>;
  /** By public key id. `null` for a key that was never there; revoked and expired keys are found. */
  findKey(keyId: string): Promise<KeySnapshot | null>;
  /**
   * The same for several ids in one question, for moments when many snapshots are read anew. What is not there is not in
   * the map; an Error in place of a snapshot is about that key alone. Absent: they are read one by one.
   */
  findKeys?(keyIds: readonly string[]): Promise<ReadonlyMap<string, KeySnapshot | Error>>;
  catalogue(organizationId: string): Promise<Catalogue>;
  /**
   * The epoch now. Cheap enough for five calls a second; sees what other processes committed.
   * It is the truth about change: whoever caches must re-read when it moves.
   */
  epoch(): Promise<number>;
  /** What changed after `epoch`, oldest first, at most 1,000; used to find which snapshots are stale. */
  changesSince(epoch: number): Promise<readonly Change[]>;
  readonly ledger: ResponseLedger;
  readonly admin: AdminStore;
  /** Where several processes can share the store. */
  readonly nodes?: NodeRegistry;
  /** Where the sinks of the audit trail stand. Absent: the gate takes no sinks. */
  readonly sinks?: SinkRegistry;
  /** Keys of the text that records keep. Absent: no text can be kept. */
  readonly contentKeys?: ContentKeys;
  /** The time that all who share the store go by, in milliseconds since the Unix epoch. Absent: this machine's. */
  now?(): Promise<number>;
  /** Notes when keys were last used, by id; no change, and nothing waits for it. */
  markUsed?(uses: ReadonlyMap<string, number>): Promise<void>;
  /** Whether it holds keys that another system made. Absent: it never does, and tokens of another form cost it no look-up. */
  hasImportedKeys?(): Promise<boolean>;
  /** Gives keys digests under another pepper, by id, where nobody else has; no change, since what they prove stays. */
  rehash?(digests: ReadonlyMap<string, KeyRehash>): Promise<void>;
  /** How many keys were digested with which version of the pepper, by version; `except` these, which are not even counted. */
  pepperUse?(except?: readonly number[]): Promise<readonly PepperUse[]>;
  /**
   * Keeps what shows that a pepper is the same everywhere, by version, where it keeps nothing under that version yet. Gives
   * all that is kept. No change. Absent: another pepper shows by good keys that are refused.
   */
  pepperProofs?(given: ReadonlyMap<number, Uint8Array>): Promise<ReadonlyMap<number, Uint8Array>>;
  /** The audit trail in the store's own database. */
  auditLog(options: AuditLogOptions): AuditLog;
  /** The same, as a verifier reads it and retention shortens it. Absent: the trail keeps everything. */
  trail?(): ClosableTrailSource;
  /** How often the epoch is worth reading, in milliseconds. Default 200. */
  readonly pollMs?: number;
  /** Hints that come with the store: whoever commits a change publishes it, without being told to. */
  readonly bus?: Bus;
  /** The pepper kept beside an embedded database, when there is one. */
  readonly pepperFile?: string;
  /** Where the key that signs checkpoints of the audit trail is kept beside an embedded database. */
  readonly checkpointKeyFile?: string;
  /** Where the master key of kept text is kept beside an embedded database. */
  readonly contentKeyFile?: string;
  close(): Promise<void>;
}

export const CHANGE_SUBJECTS = ["organization", "user", "group", "model", "key"] as const;
export type ChangeSubject = (typeof CHANGE_SUBJECTS)[number];

export interface Change {
  readonly epoch: number;
  readonly organizationId: string;
  readonly subject: ChangeSubject;
  readonly subjectId: string;
}

/** A user with the names of its groups, as people manage it. */
export interface UserRecord extends User {
  readonly groups: readonly string[];
}

/** A part of a list that is in an order of its own. */
export interface ListPage {
  /** Only what comes after the one of this name or e-mail address, which need not be there. */
  readonly after?: string;
  readonly limit?: number;
}

/**
 * The write side, used by lib/admin only. `transaction` commits everything or nothing, serialised against other
 * writers of any process; inside it each mutation appends to the change log.
 */
export interface AdminStore {
  transaction<T>(work: (tx: AdminTransaction) => Promise<T>): Promise<T>;
}

export interface AdminTransaction {
  organizations(): Promise<readonly Organization[]>;
  /** Creates it when there is none of that name. */
  putOrganization(name: string, dlp: DlpPolicy | null): Promise<Organization>;

  /** By name. */
  groups(organizationId: string, page?: ListPage): Promise<readonly Group[]>;
  putGroup(organizationId: string, group: Omit<Group, "id">): Promise<void>;
  removeGroup(organizationId: string, name: string): Promise<void>;

  models(organizationId: string): Promise<readonly CatalogueModel[]>;
  putModel(organizationId: string, model: CatalogueModel): Promise<void>;
  removeModel(organizationId: string, id: string): Promise<void>;

  /** By e-mail address. */
  users(organizationId: string, page?: ListPage): Promise<readonly UserRecord[]>;
  findUser(organizationId: string, email: string): Promise<UserRecord | null>;
  /** Creates or updates by e-mail address; `groups` replaces the memberships. */
  putUser(
    organizationId: string,
    user: {
      readonly email: string;
      readonly role: Role;
      readonly status: UserStatus;
      readonly groups: readonly string[];
    },
  ): Promise<UserRecord>;
  /** Removes the user and revokes its keys (a change each); the keys stay on record, and never serve a later user of that address. */
  removeUser(organizationId: string, email: string): Promise<void>;

  insertKey(organizationId: string, key: NewKey): Promise<void>;
  findKey(organizationId: string, keyId: string): Promise<KeyRecord | null>;
  /** Newest first, those of one moment by falling id. */
  keys(organizationId: string, query?: KeyQuery): Promise<readonly KeyRecord[]>;
  /** False when it is not there, or was so before. */
  changeKey(organizationId: string, keyId: string, change: KeyChange): Promise<boolean>;
  /** The key that the rotation of this request id made. */
  findRotation(organizationId: string, requestId: string): Promise<KeyRecord | null>;
  /** The key that a rotation put in the place of this one; of several the newest. */
  findSuccessor(organizationId: string, keyId: string): Promise<KeyRecord | null>;
  /** False when it was revoked already or is not there; the first revocation's time stands. */
  revokeKey(organizationId: string, keyId: string, at: number): Promise<boolean>;
}
