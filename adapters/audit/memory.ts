import { signCheckpoint, type CheckpointSigner } from "../../lib/audit/checkpoint";
import { checkpointSigner } from "../../lib/audit/checkpoint-key";
import { givenEvents, isAgain, type GivenEvent } from "../../lib/audit/given-events";
import { DEFAULT_QUERY_LIMIT, matchesQuery, readsForward } from "../../lib/audit/matches-query";
import type { AuditEvent, AuditRecord } from "../../lib/audit/record";
import {
  assertSignable,
  CHAIN_START,
  checkedWriter,
  isEnding,
  nodeInUse,
  stampRecord,
  type StampedRecord,
  type Writer,
} from "../../lib/audit/stamp-record";
import type {
  AppendOptions,
  AuditLog,
  AuditLogOptions,
  AuditQuery,
  ChainHead,
  StoredRecord,
} from "../../lib/ports/audit-log";

/** What stands for a database: the records of any number of nodes, in the order they were written. */
export interface MemoryTrail {
  readonly rows: StampedRecord[];
  readonly lastOf: Map<string, StampedRecord>;
  readonly ended: Set<string>;
  /** Which log holds a node's name. */
  readonly claims: Map<string, object>;
}

export function memoryTrail(): MemoryTrail {
  return { rows: [], lastOf: new Map(), ended: new Set(), claims: new Map() };
}

/** An audit log for tests and trials: the same records and chains as on disk, never full, gone with the process. */
export function memoryAuditLog(options: AuditLogOptions, trail: MemoryTrail = memoryTrail()): AuditLog {
  const writer = checkedWriter(options);
  const { checkpointKey } = options;
  const signer = checkpointKey === undefined ? null : checkpointSigner(checkpointKey);
  let closed = false;
  return Object.freeze({
    async append(events: readonly AuditEvent[], how?: AppendOptions): Promise<readonly AuditRecord[]> {
      if (closed) throw new Error("The audit log is closed.");
      assertSignable(events, options);
      return givenEvents(events, how).flatMap((event) => appendOne(trail, writer, signer, event));
    },
    async claim(): Promise<void> {
      if ((trail.claims.get(writer.node) ?? writer) !== writer) throw nodeInUse(writer.node);
      trail.claims.set(writer.node, writer);
    },
    async read(query: AuditQuery): Promise<readonly StoredRecord[]> {
      const { limit = DEFAULT_QUERY_LIMIT, before = Infinity, after = -1 } = query;
      const found = trail.rows
        .map(storedRecord)
        .filter(({ columns, position }) => matchesQuery(columns, query) && isBetween(position, after, before));
      const start = readsForward(query) ? 0 : Math.max(0, found.length - limit);
      return found.slice(start, start + limit);
    },
    heads: async () => [...trail.lastOf.values()].map(chainHead),
    openIntents: async () => openIntents(trail, writer),
    async close(): Promise<void> {
      closed = true;
      if (trail.claims.get(writer.node) === writer) trail.claims.delete(writer.node);
    },
  });
}

function appendOne(
  trail: MemoryTrail,
  writer: Writer,
  signer: CheckpointSigner | null,
  event: GivenEvent,
): readonly AuditRecord[] {
  if (isAgain(event) && trail.rows.some(({ record }) => isSame(record, event) && record.node === writer.node))
    return [];
  if (isEnding(event) && trail.ended.has(callKey(writer.node, event.requestId))) return [];
  const stamped = stampRecord(
    trail.lastOf.get(writer.node) ?? CHAIN_START,
    writer,
    completed(trail, writer, signer, event),
  );
  trail.rows.push(stamped);
  trail.lastOf.set(writer.node, stamped);
  if (isEnding(event)) trail.ended.add(callKey(writer.node, event.requestId));
  return [Object.freeze(stamped.record)];
}

function isSame(record: AuditRecord, { kind, requestId }: AuditEvent): boolean {
  return record.kind === kind && record.requestId === requestId;
}

/** A checkpoint is signed here; every other event is complete. */
function completed(trail: MemoryTrail, writer: Writer, signer: CheckpointSigner | null, event: AuditEvent): AuditEvent {
  if (event.kind !== "checkpoint" || signer === null) return event;
  const heads = [...trail.lastOf.values()].map(chainHead);
  const previous = trail.rows.findLast(({ record }) => record.checkpoint !== null)?.record.checkpoint ?? null;
  return { ...event, checkpoint: signCheckpoint({ ...writer, at: event.at, heads, previous }, signer) };
}

/** A node's name has no space in it. */
function callKey(node: string, requestId: string): string {
  return `${node} ${requestId}`;
}

function openIntents({ rows, ended }: MemoryTrail, { node, boot }: Writer): readonly AuditRecord[] {
  const earlier = rows.map(({ record }) => record).filter((record) => record.node === node && record.boot !== boot);
  return earlier.filter(({ kind, requestId }) => kind === "intent" && !ended.has(callKey(node, requestId ?? "")));
}

function storedRecord({ record, bytes, link, columns }: StampedRecord, index: number): StoredRecord {
  return Object.freeze({ record, bytes, hash: hex(link), columns, position: String(index) });
}

function isBetween(position: string, after: string | number, before: string | number): boolean {
  return Number(position) > Number(after) && Number(position) < Number(before);
}

function chainHead({ record, link }: StampedRecord): ChainHead {
  return Object.freeze({ node: record.node, boot: record.boot, seq: record.seq, hash: hex(link) });
}

function hex(link: Uint8Array): string {
  return Buffer.from(link).toString("hex");
}
