import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import fc from "fast-check";
import { llmGate } from "../../adapters";
import { memoryStore } from "../../adapters/stores/memory";
import { postgresStore } from "../../adapters/stores/postgres";
import { sqliteStore } from "../../adapters/stores/sqlite";
import type { DlpPolicy } from "../../lib/dlp/policy";
import { mintKey, type MintedKey } from "../../lib/keys/mint-key";
import { createPeppers, digestKey } from "../../lib/keys/pepper";
import type { KeyChange, AdminTransaction, Store } from "../../lib/ports/store";
import { responses } from "../support/dialects";
import { group, model, user } from "../support/house-policy";
import { describeWithPostgres, postgresDatabases } from "../support/postgres-server";
import { tempFolder } from "../adapters/stores/temp-folder";

/** Half a second where nobody else uses the machine; five where changes are only polled for. */
const BOUND_MS = 2_000;
const POLLED_MS = 5_000;
const MODEL = "gpt-4o-mini";
const ALICE = user("alice", ["engineers"]);
const BLOCK: DlpPolicy = { request: { EMAIL_ADDRESS: "block" }, response: {}, custom: [] };

type Reads =
  | "organizations"
  | "groups"
  | "models"
  | "users"
  | "findUser"
  | "findKey"
  | "keys"
  | "findRotation"
  | "findSuccessor"
  | "rotations";
type Mutator = Exclude<keyof AdminTransaction, Reads>;

/** What a step does, in a transaction, and what becomes of the next call. */
type Step = readonly [says: string, change: (site: Site) => Promise<unknown>];
type Turn = readonly Step[];

const OK = "200";
const UNAUTHORIZED = "401";
const NO_ACCESS = "403 api_key_access_disabled";
const NO_MODEL = "400 model_not_found";
const NOT_GRANTED = "403 model_access_denied";

const engineers = group("engineers", { models: ["*"] });
const putGroup =
  (more: Parameters<typeof group>[1] = {}) =>
  ({ write }: Site) =>
    write((tx, org) => tx.putGroup(org, { ...engineers, ...more }));
const putUser =
  (more: object = {}) =>
  ({ write }: Site) =>
    write((tx, org) => tx.putUser(org, { ...ALICE, ...more }));
const putModel =
  (more: Parameters<typeof model>[1] = {}) =>
  ({ write }: Site) =>
    write((tx, org) => tx.putModel(org, model(MODEL, more)));
const putOrganization =
  (dlp: DlpPolicy | null) =>
  ({ write }: Site) =>
    write((tx) => tx.putOrganization("acme", dlp));
const changeKey =
  (change: KeyChange) =>
  ({ write, key }: Site) =>
    write((tx, org) => tx.changeKey(org, key().id, change));
/** From now on calls come with this key, which was asked for in vain before it was there. */
const insertKey = async (site: Site): Promise<void> => {
  site.takeUp(mintKey((size) => randomBytes(size)));
  expect(await site.ask()).toBe(UNAUTHORIZED);
  await site.insert();
};

/** Every mutator of a store in the turns that show it; each turn ends where it began. */
const TURNS: Readonly<Record<Mutator, readonly Turn[]>> = {
  insertKey: [[[OK, insertKey]]],
  revokeKey: [
    [
      [UNAUTHORIZED, ({ write, key }) => write((tx, org) => tx.revokeKey(org, key().id, Date.now()))],
      [OK, insertKey],
    ],
  ],
  changeKey: [
    turn(UNAUTHORIZED, changeKey({ expiresAt: 1 }), changeKey({ expiresAt: null })),
    turn(NOT_GRANTED, changeKey({ models: ["other"] }), changeKey({ models: null })),
    turn(NO_ACCESS, changeKey({ networks: ["10.0.0.0/8"] }), changeKey({ networks: null })),
  ],
  putUser: [
    turn(NO_ACCESS, putUser({ status: "suspended" }), putUser()),
    turn(NO_ACCESS, putUser({ groups: [] }), putUser()),
  ],
  removeUser: [
    [
      [UNAUTHORIZED, ({ write }) => write((tx, org) => tx.removeUser(org, ALICE.email))],
      [UNAUTHORIZED, putUser()],
      [OK, insertKey],
    ],
  ],
  putGroup: [
    turn(NO_ACCESS, putGroup({ personalApiKeyAccess: false }), putGroup()),
    turn("403 ask_mode_only", putGroup({ askModeOnly: true }), putGroup()),
    turn(NOT_GRANTED, putGroup({ denyModels: ["gpt-*"] }), putGroup()),
    turn(NOT_GRANTED, putGroup({ denyProviders: ["openai"] }), putGroup()),
    turn("400 dlp_blocked", putGroup({ dlp: BLOCK }), putGroup()),
  ],
  removeGroup: [
    [
      [NO_ACCESS, ({ write }) => write((tx, org) => tx.removeGroup(org, "engineers"))],
      [NO_ACCESS, putGroup()],
      [OK, putUser()],
    ],
  ],
  putModel: [
    turn(NO_MODEL, putModel({ enabled: false }), putModel()),
    turn("400 dlp_blocked", putModel({ dlp: BLOCK }), putModel()),
  ],
  removeModel: [turn(NO_MODEL, ({ write }) => write((tx, org) => tx.removeModel(org, MODEL)), putModel())],
  putOrganization: [turn("400 dlp_blocked", putOrganization(BLOCK), putOrganization(null))],
};

function turn(says: string, change: Step[1], back: Step[1]): Turn {
  return [
    [says, change],
    [OK, back],
  ];
}

interface Site {
  /** Commits as another process would. */
  write<T>(work: (tx: AdminTransaction, organizationId: string) => Promise<T>): Promise<T>;
  key(): MintedKey;
  takeUp(key: MintedKey): void;
  insert(): Promise<void>;
  ask(): Promise<string>;
}

/** `gates` is the store of the gate, `writers` that of who changes things; they share their contents. */
async function opened(gates: Store, writers: Store): Promise<Site & { close(): Promise<void> }> {
  const peppers = createPeppers({ current: 1, versions: { 1: randomBytes(32).toString("base64") } });
  await writers.open();
  const gate = llmGate({ store: gates, pepper: peppers, logger: silent });
  await gate.ready();
  const app = express().use(gate);
  app.post(responses.path, (_req, res) => void res.json(responses.answer("Hello")));
  const server = gate.protectServer(app.listen(0, "127.0.0.1"));
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${responses.path}`;
  let current = mintKey((size) => randomBytes(size));
  const write: Site["write"] = (work) =>
    writers.admin.transaction(async (tx) => work(tx, (await tx.organizations())[0]?.id ?? ""));
  const site: Site = {
    write,
    key: () => current,
    takeUp: (key) => void (current = key),
    insert: () =>
      write(async (tx, org) => {
        const { id: userId } = (await tx.users(org))[0] ?? { id: "" };
        const made = { id: current.id, name: "laptop", userId, createdAt: Date.now(), expiresAt: null };
        await tx.insertKey(org, { ...made, digest: digestKey(peppers, 1, current.key), pepperVersion: 1 });
      }),
    ask: () => askOnce(url, current.key),
  };
  await writers.admin.transaction((tx) => tx.putOrganization("acme", null));
  for (const change of [putGroup(), putUser(), putModel(), insertKey]) await change(site);
  const close = async (): Promise<void> => {
    await gate.close(0);
    if (writers !== gates) await writers.close();
  };
  return { ...site, close };
}

/** A call that every rule has something to say about: `200`, or the status and code of the refusal. */
async function askOnce(url: string, key: string): Promise<string> {
  const tools = [{ type: "function", name: "t", parameters: {} }];
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ ...responses.ask("Write to bob.builder@example.org"), store: false, tools }),
  });
  const { error } = (await answer.json()) as { readonly error?: { readonly code?: string } | string | null };
  return typeof error === "object" && error !== null ? `${answer.status} ${error.code}` : String(answer.status);
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const EVERY_TURN = Object.values(TURNS).flat();

/** So many turns, in an order of chance; each step shows within the bound. */
async function changesShow(gates: Store, writers: Store, count: number, boundMs: number): Promise<void> {
  const site = await opened(gates, writers);
  const chance = fc.shuffledSubarray([...EVERY_TURN], { minLength: count, maxLength: count });
  const [turns = []] = fc.sample(chance, 1);
  try {
    await showsWithin(site, OK, boundMs);
    for (const [says, change] of turns.flat()) {
      await change(site);
      await showsWithin(site, says, boundMs);
    }
  } finally {
    await site.close();
  }
}

async function showsWithin({ ask }: Site, says: string, boundMs: number): Promise<void> {
  const until = performance.now() + boundMs;
  while (performance.now() < until) {
    if ((await ask()) === says) return;
    await sleep(10);
  }
  expect(await ask()).toBe(says);
}

describe("every change that a store can take shows in the next calls", () => {
  const fresh = tempFolder();
  const all = (gates: Store, writers: Store) => changesShow(gates, writers, EVERY_TURN.length, BOUND_MS);

  it("on the memory store", () => {
    const store = memoryStore();
    return all(store, store);
  }, 60_000);

  it("on SQLite, made by another connection", () => {
    const path = fresh();
    return all(sqliteStore(path), sqliteStore(path));
  }, 60_000);

  describeWithPostgres("in a database that others share", () => {
    const database = postgresDatabases();

    it("on PostgreSQL, told by NOTIFY", async () => {
      const url = await database();
      await all(postgresStore(url), postgresStore(url));
    }, 60_000);

    it("on PostgreSQL, found by polling", async () => {
      const url = await database();
      const [gates, writers] = [postgresStore(url, { notify: false }), postgresStore(url, { notify: false })];
      await changesShow(gates, writers, 3, POLLED_MS);
    }, 60_000);
  });
});
