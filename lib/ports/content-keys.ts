/** A subject's data key as it is at rest: wrapped by the master key, which no database holds. */
export interface ContentKey {
  /** Made up; as on record beside what the key seals. */
  readonly id: string;
  /** The subject: names of organisation and user, as records have them. */
  readonly organization: string;
  readonly user: string;
  /** Null once it was erased. */
  readonly wrapped: Uint8Array | null;
  /** Id of the master key that wraps it. */
  readonly wrappedBy: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

/**
 * Where data keys are kept: outside the trail's records, so that a subject's key can be destroyed and the records stay.
 *
 * Every method rejects when the keys cannot be reached; "not there" is null. What was erased stays known by its id, never
 * comes back, and the subject's next content gets a new key.
 */
export interface ContentKeys {
  /** The subject's key that is not erased. */
  current(organization: string, user: string): Promise<ContentKey | null>;
  find(id: string): Promise<ContentKey | null>;
  /** Keeps the key unless its subject has one; gives the one that it has then. Durable when it resolves. */
  add(key: ContentKey): Promise<ContentKey>;
  /** Destroys every key of the subject; gives how many. Durable when it resolves. */
  erase(organization: string, user: string): Promise<number>;
  /** Keys that another master key wraps, at most 100. */
  wrappedByOthers(wrappedBy: string): Promise<readonly ContentKey[]>;
  /** Puts another wrapping in place of the one that is there, unless the key was erased meanwhile. */
  rewrap(id: string, wrapped: Uint8Array, wrappedBy: string): Promise<void>;
}
