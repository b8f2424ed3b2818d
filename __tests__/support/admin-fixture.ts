import { createHash } from "node:crypto";
import { createAdmin, type Admin, type AdminOptions, type PolicyDocument } from "../../lib/admin";
import { createPeppers } from "../../lib/keys/pepper";
import type { AuditRecord } from "../../lib/audit/record";
import type { AuditLog } from "../../lib/ports/audit-log";
import type { Store } from "../../lib/ports/store";
import { manualClock, type ManualClock } from "./manual-clock";

export const PEPPERS = createPeppers({ current: 1, versions: { 1: "p".repeat(32) } });

export interface AdminFixture {
  readonly admin: Admin;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly clock: ManualClock;
  /** What is on record, oldest first. */
  records(): Promise<readonly AuditRecord[]>;
  close(): Promise<void>;
}

/** The management service over an open store and its own audit trail; the random source repeats itself run after run. */
export async function adminFixture(store: Store, options: Partial<AdminOptions> = {}): Promise<AdminFixture> {
  await store.open();
  const audit = store.auditLog({ node: "cli", boot: "1" });
  const clock = manualClock();
  const admin = createAdmin({ store, peppers: PEPPERS, clock, random: repeatableRandom(), audit, ...options });
  return {
    admin,
    store,
    audit,
    clock,
    records: async () => (await audit.read({ limit: 1_000 })).map(({ record }) => record),
    close: async () => {
      await audit.close();
      await store.close();
    },
  };
}

function repeatableRandom(): (size: number) => Uint8Array {
  let draws = 0;
  return (size) => {
    draws += 1;
    const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, block) =>
      createHash("sha256").update(`${draws}:${block}`).digest(),
    );
    return Uint8Array.from(Buffer.concat(blocks).subarray(0, size));
  };
}

export const POLICY: PolicyDocument = {
  organization: "acme",
  dlp: {
    request: { EMAIL_ADDRESS: "redact" },
    response: {},
    custom: [{ name: "CODENAMES", phrases: ["Blue Heron"], action: "tokenize", on: "request" }],
  },
  models: [
    {
      id: "gpt-4o-mini",
      provider: "openai",
      displayName: "GPT-4o mini",
      enabled: true,
      upstreamModel: null,
      dlp: null,
    },
    { id: "old-model", provider: "openai", displayName: "old-model", enabled: false, upstreamModel: null, dlp: null },
  ],
  groups: [group("engineers", true), group("interns", false)],
  users: [
    { email: "alice@acme.test", role: "user", status: "active", groups: ["engineers"] },
    { email: "gone@acme.test", role: "user", status: "suspended", groups: ["engineers"] },
    { email: "ian@acme.test", role: "user", status: "active", groups: ["interns"] },
    { email: "nora@acme.test", role: "user", status: "active", groups: [] },
    { email: "root@acme.test", role: "administrator", status: "active", groups: [] },
  ],
};

export function group(name: string, personalApiKeyAccess: boolean): PolicyDocument["groups"][number] {
  return {
    name,
    personalApiKeyAccess,
    askModeOnly: false,
    models: ["*"],
    providers: [],
    denyModels: [],
    denyProviders: [],
    dlp: null,
  };
}
