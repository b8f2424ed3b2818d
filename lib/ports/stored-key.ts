/** What a key may do less than its user; null: nothing less. It narrows and never widens. */
export interface KeyLimits {
  /** Model patterns, as in groups. */
  readonly models: readonly string[] | null;
  /** Networks in CIDR notation from which the key may be used; single addresses will do. */
  readonly networks: readonly string[] | null;
}

/** A key as it is at rest: never the key itself. */
export interface StoredKey extends KeyLimits {
  /** The public part, ten base62 characters; safe to log. */
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  /** HMAC-SHA-256(pepper, key): 32 bytes. */
  readonly digest: Uint8Array;
  readonly pepperVersion: number;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

export interface NewKey extends Partial<KeyLimits> {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly digest: Uint8Array;
  readonly pepperVersion: number;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** Made by another system: its id is derived from its digest, and so is `digest`. Default false. */
  readonly imported?: boolean;
  /** The rotation that made it: the key that it takes the place of, and the id under which that was asked for. */
  readonly rotation?: KeyRotation;
}

export interface KeyRotation {
  readonly replaces: string;
  /** Unique within an organisation: asking again under the same id makes no second key. */
  readonly requestId: string;
}

/** What can be changed of a key. */
export interface KeyChange extends Partial<KeyLimits> {
  readonly name?: string;
  readonly expiresAt?: number | null;
}

/** A key with its owner, for lists. */
export interface KeyRecord extends KeyLimits {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** The id of the key that it took the place of. */
  readonly replaces: string | null;
  /** To the minute or so; null when it was never used. */
  readonly lastUsedAt: number | null;
  readonly imported: boolean;
}

export interface KeyQuery {
  /** Only keys of the user with this e-mail address. */
  readonly user?: string;
  /** Only keys that were digested with this version of the pepper. */
  readonly pepperVersion?: number;
  /** Only what comes after this key. */
  readonly after?: Pick<KeyRecord, "createdAt" | "id">;
  readonly limit?: number;
}

/** The digest that takes the place of one made with the pepper version `from`. */
export interface KeyRehash {
  readonly from: number;
  readonly digest: Uint8Array;
  readonly pepperVersion: number;
}

export interface PepperUse {
  readonly version: number;
  readonly keys: number;
  /** Those of them that are not revoked and have not expired. */
  readonly working: number;
}
