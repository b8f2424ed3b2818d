import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "../../adapters/stores/sqlite";
import { OPEN_POLICY } from "../../adapters/testing";
import { createAdmin, type PolicyDocument } from "../../lib/admin";
import { createPeppers } from "../../lib/keys/pepper";

/** A folder with an initialised `gate.db`, its pepper beside it, and a key: what `init`, `apply` and `key create` leave. */
export interface PreparedDatabase {
  readonly folder: string;
  readonly path: string;
  readonly key: string;
  remove(): void;
}

export async function prepareDatabase(policy: PolicyDocument = OPEN_POLICY): Promise<PreparedDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "llm-gate-"));
  const path = join(folder, "gate.db");
  const pepper = randomBytes(32).toString("base64");
  writeFileSync(`${path}.pepper`, pepper, { mode: 0o600 });
  const store = sqliteStore(path);
  await store.open();
  const admin = createAdmin({
    store,
    peppers: createPeppers({ current: 1, versions: { 1: pepper } }),
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    random: (size) => randomBytes(size),
  });
  await admin.applyPolicy(policy);
  const { key } = await admin.createKey({ email: policy.users[0]?.email ?? "", name: "laptop" });
  await store.close();
  return { folder, path, key, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
