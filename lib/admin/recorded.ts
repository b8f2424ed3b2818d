import { auditEvent, type AuditEvent } from "../audit/record";
import type { AuditLog } from "../ports/audit-log";
import type { Clock } from "../ports/clock";

/** An administrative change as the audit trail tells it. Never a credential, a digest or an operator's secret word. */
export interface AdminChange {
  readonly operation: "key.create" | "key.import" | "key.change" | "key.rotate" | "key.revoke" | "policy.apply";
  readonly organization: string;
  readonly keyId: string | null;
  /** `key:ID`, `group:NAME`. */
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Recorder {
  readonly audit: AuditLog | undefined;
  /** Runs after a change was made; what it rejects is no failure of the change. */
  readonly announce: () => Promise<void>;
  readonly clock: Clock;
  /** Who acts; null for the operator at the command line. */
  readonly actor: string | null;
}

const RECORDS_AT_ONCE = 200;

/**
 * Records, then changes: what cannot be recorded does not happen. One transaction for both is not possible, since the
 * trail has a writer of its own, which would wait for the very lock that the change holds. When the change fails after
 * all, a second record of each says `refused`; without it the trail says more than happened, never less.
 */
export async function recorded<T>(
  recorder: Recorder,
  changes: readonly AdminChange[],
  change: () => Promise<T>,
): Promise<T> {
  await append(recorder, changes, {});
  try {
    const result = await change();
    await recorder.announce().catch(() => undefined);
    return result;
  } catch (error) {
    await append(recorder, changes, { outcome: "refused", reason: "internal" }).catch(() => undefined);
    throw error;
  }
}

async function append(
  recorder: Recorder,
  changes: readonly AdminChange[],
  ending: Partial<Pick<AuditEvent, "outcome" | "reason">>,
): Promise<void> {
  const events = changes.map((change) => adminEvent(recorder, change, ending));
  for (let start = 0; start < events.length; start += RECORDS_AT_ONCE) {
    await recorder.audit?.append(events.slice(start, start + RECORDS_AT_ONCE));
  }
}

function adminEvent({ clock, actor }: Recorder, change: AdminChange, ending: Partial<AuditEvent>): AuditEvent {
  const { operation, organization, keyId, subject, before, after } = change;
  return auditEvent("admin", clock.now(), {
    operation,
    organization,
    keyId,
    user: actor,
    change: { subject, before, after },
    ...ending,
  });
}
