import { randomBytes } from "node:crypto";
import { createAdmin, type PolicyDocument } from "../lib/admin";
import type { AuditRecord } from "../lib/audit/record";
import type { Gate } from "../lib/gate";
import type { GateOptions } from "../lib/options";
import type { Store } from "../lib/ports/store";
import { resolvePeppers } from "../lib/resolve-peppers";
import { llmGate } from "./index";
import { memoryStore } from "./stores/memory";

export interface TestGateOptions extends Partial<GateOptions> {
  /** Who may do what; default: one organisation in which `alice@example.com` may use every model. */
  readonly policy?: PolicyDocument;
}

/** A gate for a suite: nothing on disk, no network, policy in the test's own hands. */
export interface TestGate {
  readonly gate: Gate;
  readonly store: Store;
  /** A new key of that user, as a client would send it. Default user: the first of the policy. */
  mintKey(email?: string, options?: { readonly expiresAt?: number }): Promise<string>;
  revokeKey(key: string): Promise<void>;
  applyPolicy(policy: PolicyDocument): Promise<void>;
  /** Every record of the audit trail, oldest first. */
  trail(): Promise<readonly AuditRecord[]>;
  close(): Promise<void>;
}

/** The same in every run: a store that outlives one knows its pepper. */
const TEST_PEPPER = "the pepper of testGate(), which is no secret";
const KEY_ID = /_([0-9A-Za-z]{10})/;

/** `const { gate, mintKey } = await testGate(); app.use(gate);` and then supertest as usual. */
export async function testGate({ policy = OPEN_POLICY, ...options }: TestGateOptions = {}): Promise<TestGate> {
  const peppers = resolvePeppers(options.pepper ?? TEST_PEPPER, undefined);
  const store = options.store ?? memoryStore();
  await store.open();
  const clock = options.clock ?? { now: () => Date.now(), monotonic: () => performance.now() };
  const admin = createAdmin({ store, peppers, clock, random: (size) => randomBytes(size) });
  await admin.applyPolicy(policy);
  const gate = llmGate({ ...options, store, pepper: peppers });
  await gate.ready().catch(async (refused: unknown) => {
    await gate.close(0);
    throw refused;
  });
  const reader = options.audit?.log ?? store.auditLog({ node: "test-reader", boot: "test" });
  return Object.freeze({
    gate,
    store,
    mintKey: async (email = policy.users[0]?.email ?? "", { expiresAt }: { readonly expiresAt?: number } = {}) =>
      (await admin.createKey({ email, name: "test", ...(expiresAt !== undefined && { expiresAt }) })).key,
    async revokeKey(key: string) {
      await admin.revokeKey(KEY_ID.exec(key)?.[1] ?? key);
    },
    async applyPolicy(next: PolicyDocument) {
      await admin.applyPolicy(next, { prune: true });
    },
    trail: async () => (await reader.read({ limit: Number.MAX_SAFE_INTEGER })).map(({ record }) => record),
    close: () => gate.close(0),
  });
}

/** One user, one group, two models: enough for a suite that is about something else. */
export const OPEN_POLICY: PolicyDocument = Object.freeze<PolicyDocument>({
  organization: "example",
  dlp: undefined,
  models: [testModel("gpt-4o-mini", "openai"), testModel("claude-sonnet-4-5", "anthropic")],
  groups: [
    {
      name: "everyone",
      personalApiKeyAccess: true,
      askModeOnly: false,
      models: ["*"],
      providers: [],
      denyModels: [],
      denyProviders: [],
      dlp: null,
    },
  ],
  users: [{ email: "alice@example.com", role: "user", status: "active", groups: ["everyone"] }],
});

function testModel(id: string, provider: string): PolicyDocument["models"][number] {
  return { id, provider, displayName: id, enabled: true, upstreamModel: null, dlp: null };
}
