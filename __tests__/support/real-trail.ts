import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import express from "express";
import { sqliteAuditLog } from "../../adapters/audit/sqlite";
import { forward } from "../../adapters/index";
import { OPEN_POLICY } from "../../adapters/testing";
import { llmGate } from "../../adapters/index";
import { sqliteStore } from "../../adapters/stores/sqlite";
import { echoUpstream } from "../../adapters/upstreams/echo";
import { createAdmin } from "../../lib/admin";
import { auditEvent } from "../../lib/audit/record";
import { checkpointKeys } from "./checkpoint-key";
import { prepareDatabase, type PreparedDatabase } from "./sqlite-gate";

export interface RealTrail extends PreparedDatabase {
  readonly copies: string;
  readonly publicKey: string;
}

/** A database that a gate and a command line have written to, with records of every kind, and both stopped. */
export async function realTrail(): Promise<RealTrail> {
  const database = await prepareDatabase({
    ...OPEN_POLICY,
    dlp: { request: { EMAIL_ADDRESS: "redact", PRIVATE_KEY: "block" }, response: { CREDIT_CARD: "block" }, custom: [] },
  });
  const { path, folder } = database;
  const keys = checkpointKeys();
  const [publicKey, copies] = [`${folder}/checkpoint.pub`, `${folder}/checkpoints.jsonl`];
  writeFileSync(`${path}.checkpoint.key`, keys.privateKey, { mode: 0o600 });
  writeFileSync(publicKey, keys.publicKey);
  await leaveOpenCall(path);
  await callGate(database, copies);
  await changePolicy(path, keys.privateKey);
  return { ...database, copies, publicKey };
}

/** What a node that was killed leaves behind: the next start closes it as `interrupted`. */
async function leaveOpenCall(path: string): Promise<void> {
  const log = sqliteAuditLog(path, { node: "gate-1", boot: "killed" });
  await log.append([auditEvent("intent", Date.now(), { requestId: "left-open" })]);
  await log.close();
}

async function callGate({ path, key }: PreparedDatabase, file: string): Promise<void> {
  const gate = llmGate({
    store: sqliteStore(path),
    audit: { node: "gate-1", floodPerSecond: 2, checkpoints: { file } },
    logger: { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 },
  });
  await gate.ready();
  const app = express()
    .use(gate)
    .use("/v1", forward({ upstreams: {}, default: echoUpstream() }));
  const server = gate.protectServer(app.listen(0, "127.0.0.1"));
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  await Promise.all(CALLS.map((call) => call(url, key)));
  await gate.close(0);
}

const ask = (model: string, content: string, more: object = {}) =>
  call("/chat/completions", { model, messages: [{ role: "user", content }], ...more });

const CALLS: readonly ((url: string, key: string) => Promise<unknown>)[] = [
  ask("gpt-4o-mini", "Write to bob@example.com."),
  ask("gpt-4o-mini", "Stream this.", { stream: true }),
  ask("gpt-4o-mini", "My card: 4111 1111 1111 1111"),
  ask(
    "gpt-4o-mini",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\n-----END PRIVATE KEY-----",
  ),
  ask("no-such-model\u0000\ud83d", "x"),
  call("/messages", { model: "claude-sonnet-4-5", max_tokens: 9, messages: [{ role: "user", content: "hello" }] }),
  (url, key) => get(`${url}/models`, { authorization: `Bearer ${key}`, "session-id": "agent-session-1" }),
  ...Array.from({ length: 6 }, () => (url: string) => get(`${url}/models`, { authorization: "Bearer nobody" })),
];

function call(path: string, body: object): (url: string, key: string) => Promise<unknown> {
  return async (url, key) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", "x-request-id": "mine" };
    return (await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) })).text();
  };
}

async function get(url: string, headers: Record<string, string>): Promise<unknown> {
  return (await fetch(url, { headers })).text();
}

async function changePolicy(path: string, checkpointKey: string): Promise<void> {
  const store = sqliteStore(path);
  await store.open();
  const audit = store.auditLog({ node: "cli", boot: "run-1", checkpointKey });
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const admin = createAdmin({ store, audit, clock, random: (size) => new Uint8Array(size) });
  const [group] = OPEN_POLICY.groups;
  await admin.applyPolicy({ ...OPEN_POLICY, groups: group === undefined ? [] : [{ ...group, askModeOnly: true }] });
  await audit.append([auditEvent("checkpoint", Date.now(), {})]);
  await audit.close();
  await store.close();
}
