import assert from "node:assert/strict";
import { auditEvent, type AuditEvent, type RecordKind } from "../audit/record";
import { createChainVerifier } from "../audit/verify-chain";
import type { AuditLog, AuditLogOptions, StoredRecord } from "../ports/audit-log";
import type { Case } from "./case";

/** One empty trail. Every log on it, whatever its node and boot, shares the trail with the others. */
export interface TrailUnderTest {
  log(options: AuditLogOptions): AuditLog;
  close(): Promise<void>;
}

export type TrailFactory = () => TrailUnderTest | Promise<TrailUnderTest>;

/** A trail with one log on it, of node `gate-1` in its first boot. */
export interface TrailSetting {
  readonly log: AuditLog;
  open(options: Partial<AuditLogOptions>): AuditLog;
}

const WRITER: AuditLogOptions = Object.freeze({ node: "gate-1", boot: "boot-1" });

export function trailCase(factory: TrailFactory) {
  return (name: string, check: (setting: TrailSetting) => Promise<void>): Case => ({
    name,
    run: async () => {
      const trail = await factory();
      const opened: AuditLog[] = [];
      const open = (options: Partial<AuditLogOptions>): AuditLog => {
        const log = trail.log({ ...WRITER, ...options });
        opened.push(log);
        return log;
      };
      try {
        await check({ log: open({}), open });
      } finally {
        await Promise.allSettled(opened.map((log) => log.close()));
        await trail.close();
      }
    },
  });
}

export function event(kind: RecordKind, requestId: string | null, facts: Partial<AuditEvent> = {}): AuditEvent {
  return auditEvent(kind, Date.UTC(2026, 0, 2), { requestId, ...facts });
}

/** Every row of a chain, read page by page. */
export async function chainOf(log: AuditLog, node = WRITER.node): Promise<readonly StoredRecord[]> {
  const rows: StoredRecord[] = [];
  for (;;) {
    const page = await log.read({ node, afterSeq: rows.at(-1)?.record.seq ?? 0, limit: 7 });
    if (page.length === 0) return rows;
    rows.push(...page);
  }
}

/** The chain has so many records, at positions 1, 2, 3, …, and every link and column is right. */
export async function assertChain(log: AuditLog, length: number, node = WRITER.node): Promise<void> {
  const rows = await chainOf(log, node);
  assert.equal(rows.length, length);
  const verifier = createChainVerifier(node);
  for (const row of rows) assert.equal(JSON.stringify(verifier.next(row)), "null");
  const head = (await log.heads()).find((candidate) => candidate.node === node);
  assert.equal(head?.hash, rows.at(-1)?.hash);
}

export function requestIds(rows: readonly StoredRecord[]): readonly (string | null)[] {
  return rows.map(({ record }) => record.requestId);
}
