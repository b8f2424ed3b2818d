import { LRUCache } from "lru-cache";
import { dataKey, newDataKey } from "./audit/content/data-key";
import type { KeptText } from "./audit/content/kept-texts";
import type { MasterKeys } from "./audit/content/master-keys";
import { sealContent, type ContentPlace, type DataKey, type SealedContent } from "./audit/content/sealed-content";
import { ConfigurationError } from "./denial";
import type { Clock, RandomBytes } from "./ports/clock";
import type { ContentKey, ContentKeys } from "./ports/content-keys";

/** Encrypts what is kept of calls, for their subjects. */
export interface ContentVault {
  /** UTF-8 bytes of text that a record keeps at most. */
  readonly limit: number;
  /** Rejects with a ConfigurationError when there are data keys that no master key opens. */
  check(): Promise<void>;
  /** What seals texts of one call. Rejects when the subject's data key cannot be had: nothing may be kept in the clear. */
  open(call: CallNames): Promise<ContentSeal>;
}

type CallNames = Omit<ContentPlace, "direction">;

/** Needs nothing any more, so that the end of a call cannot fail for want of a key. */
export interface ContentSeal {
  /** Null when there is no text. */
  seal(direction: ContentPlace["direction"], texts: readonly KeptText[]): SealedContent | null;
}

export interface ContentVaultParts {
  readonly keys: ContentKeys;
  readonly masters: MasterKeys;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly limit: number;
}

interface Known {
  readonly key: DataKey;
  readonly readAt: number;
}

const SUBJECTS = 10_000;
/** A key that was erased is used for so long at most: what it seals then is erased with the rest. */
const FRESH_MS = 5_000;
/** With the store out of reach, as long as the snapshots that calls are let in by. */
const STALE_MS = 30_000;

export function createContentVault(parts: ContentVaultParts): ContentVault {
  const known = new LRUCache<string, Known>({ max: SUBJECTS });
  const reading = new Map<string, Promise<DataKey>>();
  return Object.freeze({
    limit: parts.limit,
    check: () => checkKeys(parts),
    async open(call: CallNames): Promise<ContentSeal> {
      const key = await keyFor(parts, call, known, reading);
      return Object.freeze({
        seal: (direction: ContentPlace["direction"], texts: readonly KeptText[]) =>
          texts.length === 0 ? null : sealContent(key, { ...call, direction }, texts, parts),
      });
    },
  });
}

async function keyFor(
  parts: ContentVaultParts,
  { organization, user }: CallNames,
  known: LRUCache<string, Known>,
  reading: Map<string, Promise<DataKey>>,
): Promise<DataKey> {
  const subject = JSON.stringify([organization, user]);
  const now = parts.clock.monotonic();
  const last = known.get(subject);
  if (last !== undefined && now - last.readAt < FRESH_MS) return last.key;
  const shared = reading.get(subject) ?? readKey(parts, organization, user).finally(() => reading.delete(subject));
  reading.set(subject, shared);
  try {
    const key = await shared;
    known.set(subject, { key, readAt: now });
    return key;
  } catch (error) {
    if (last !== undefined && now - last.readAt < STALE_MS) return last.key;
    known.delete(subject);
    throw error;
  }
}

async function readKey(parts: ContentVaultParts, organization: string, user: string): Promise<DataKey> {
  const { keys, masters, clock, random } = parts;
  const found =
    (await keys.current(organization, user)) ??
    (await keys.add(newDataKey({ organization, user }, masters.current, clock.now(), random)));
  const key = dataKey(found, masters);
  if (key === null) throw unknownMaster(found);
  return Object.freeze({ id: found.id, key });
}

async function checkKeys({ keys, masters }: ContentVaultParts): Promise<void> {
  const others = await keys.wrappedByOthers(masters.current.id);
  const unopened = others.find(({ wrappedBy }) => masters.find(wrappedBy) === null);
  if (unopened !== undefined) throw unknownMaster(unopened);
}

function unknownMaster({ wrappedBy }: ContentKey): ConfigurationError {
  return new ConfigurationError(
    "content_key_unknown",
    `Kept content of the audit trail is under a master key (${wrappedBy}) that was not given: put it back, below the current one.`,
  );
}
