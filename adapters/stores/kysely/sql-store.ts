import type { ContentKeys } from "../../../lib/ports/content-keys";
import type { NodeRegistry, NodeState } from "../../../lib/ports/node-registry";
import type { SinkClaim, SinkPlaces, SinkRegistry } from "../../../lib/ports/sink-registry";
import type { AdminTransaction, KeyRehash, Store } from "../../../lib/ports/store";
import type { LedgerEntry, ResponseLedger } from "../../../lib/ports/response-ledger";
import { refuseUnfinishedCopy } from "../copy/copy-state";
import { createAdminStore } from "./admin";
import { createContentKeys } from "./content-keys";
import { createDlpColumn } from "./dlp-column";
import { createLedger } from "./ledger";
import { markUsed } from "./mark-used";
import { migrate, refuseUnmade } from "./migrate";
import { createNodes } from "./nodes";
import { hasImportedKeys, pepperProofs, pepperUse, rehash } from "./peppers";
import { createReads } from "./reads";
import type { SqlSeam } from "./seam";
import { createSinks } from "./sinks";

export interface SqlStoreOptions {
  readonly name: string;
  /** Connects; called by the first `open()`. */
  connect(): Promise<SqlSeam>;
  /** Turns what went wrong while opening into a ConfigurationError. */
  explain(error: unknown): Error;
  readonly ledgerTtlMs: number;
  /** Whether a database that has no store yet gets one; otherwise it is refused. */
  readonly create: boolean;
  now(): number;
}

export interface SqlStore extends Omit<Store, "auditLog" | "pepperFile" | "now"> {
  /** For stores whose clock is not this machine's: the others leave it out. */
  now(): Promise<number>;
  /** Connects anew. The old connections are left open: closing them could take away files that are another's by now. */
  renew(): Promise<void>;
}

type Session = Awaited<ReturnType<typeof startSession>>;

interface Opening extends Pick<SqlStore, "open" | "close" | "renew"> {
  session(): Promise<Session>;
}

function openingOf(options: SqlStoreOptions): Opening {
  let opening: Promise<Session> | null = null;
  const left: Promise<Session>[] = [];
  const open = async (): Promise<void> => {
    opening ??= startSession(options);
    await opening.catch((error: unknown) => {
      opening = null;
      throw options.explain(error);
    });
  };
  return {
    open,
    session: () => opening ?? Promise.reject(new Error(`The ${options.name} store is not open.`)),
    async close(): Promise<void> {
      const ending = opening;
      opening = null;
      await ending?.then(
        ({ seam }) => seam.close(),
        () => undefined,
      );
    },
    async renew(): Promise<void> {
      if (opening !== null) left.push(opening);
      opening = null;
      await open();
    },
  };
}

/** The one implementation of the store over SQL; an adapter adds its audit log. */
export function sqlStore(options: SqlStoreOptions): SqlStore {
  const { session, ...opening } = openingOf(options);
  return {
    name: options.name,
    ...opening,
    findKey: async (keyId) => (await session()).reads.findKey(keyId),
    findKeys: async (keyIds: readonly string[]) => (await session()).reads.findKeys(keyIds),
    catalogue: async (organizationId) => (await session()).reads.catalogue(organizationId),
    epoch: async () => (await session()).reads.epoch(),
    changesSince: async (epoch) => (await session()).reads.changesSince(epoch),
    ledger: ledgerOf(session),
    nodes: nodesOf(session),
    sinks: sinksOf(session),
    contentKeys: contentKeysOf(session),
    markUsed: async (uses: ReadonlyMap<string, number>) => markUsed((await session()).seam, uses),
    ...peppersOf(session),
    now: async () => (await session()).now(),
    admin: Object.freeze({
      transaction: async <T>(work: (tx: AdminTransaction) => Promise<T>) => (await session()).admin.transaction(work),
    }),
  };
}

function ledgerOf(session: () => Promise<Session>): ResponseLedger {
  return Object.freeze({
    remember: async (entry: LedgerEntry) => (await session()).ledger.remember(entry),
    find: async (organizationId: string, responseId: string) =>
      (await session()).ledger.find(organizationId, responseId),
  });
}

function nodesOf(session: () => Promise<Session>): NodeRegistry {
  return Object.freeze({
    beat: async (state: NodeState) => (await session()).nodes.beat(state),
    live: async (leaseMs: number) => (await session()).nodes.live(leaseMs),
    leave: async (node: string, boot: string) => (await session()).nodes.leave(node, boot),
  });
}

type PepperParts = Required<Pick<Store, "hasImportedKeys" | "rehash" | "pepperUse" | "pepperProofs">>;

function peppersOf(session: () => Promise<Session>): PepperParts {
  return {
    pepperProofs: async (given: ReadonlyMap<number, Uint8Array>) => pepperProofs((await session()).seam, given),
    hasImportedKeys: async () => hasImportedKeys((await session()).seam),
    rehash: async (digests: ReadonlyMap<string, KeyRehash>) => rehash((await session()).seam, digests),
    pepperUse: async (except: readonly number[] = []) => {
      const { seam, now } = await session();
      return pepperUse(seam, await now(), except);
    },
  };
}

function contentKeysOf(session: () => Promise<Session>): ContentKeys {
  const keys = async (): Promise<ContentKeys> => (await session()).contentKeys;
  return Object.freeze<ContentKeys>({
    current: async (organization, user) => (await keys()).current(organization, user),
    find: async (id) => (await keys()).find(id),
    add: async (key) => (await keys()).add(key),
    erase: async (organization, user) => (await keys()).erase(organization, user),
    wrappedByOthers: async (wrappedBy) => (await keys()).wrappedByOthers(wrappedBy),
    rewrap: async (id, wrapped, wrappedBy) => (await keys()).rewrap(id, wrapped, wrappedBy),
  });
}

function sinksOf(session: () => Promise<Session>): SinkRegistry {
  return Object.freeze({
    take: async (claim: SinkClaim) => (await session()).sinks.take(claim),
    note: async (sink: string, places: SinkPlaces, error: string | null) =>
      (await session()).sinks.note(sink, places, error),
    release: async (sink: string, holder: string) => (await session()).sinks.release(sink, holder),
    list: async () => (await session()).sinks.list(),
    remove: async (sink: string) => (await session()).sinks.remove(sink),
  });
}

async function startSession(options: SqlStoreOptions) {
  const seam = await options.connect();
  try {
    if (!options.create) await refuseUnmade(seam);
    await migrate(seam);
    await refuseUnfinishedCopy(seam);
  } catch (error) {
    await seam.close();
    throw error;
  }
  const dlp = createDlpColumn();
  const now = seam.now ?? (async () => options.now());
  return Object.freeze({
    ...{ seam, now, nodes: createNodes(seam, now), sinks: createSinks(seam, now) },
    contentKeys: createContentKeys(seam),
    reads: createReads(seam, dlp),
    admin: createAdminStore(seam, dlp, options.now),
    ledger: createLedger(seam, options.ledgerTtlMs, options.now),
  });
}
