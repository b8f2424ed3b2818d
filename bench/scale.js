/**
 * What many keys cost: `node bench/scale.js [--keys 1000000] [--users 100000] [--calls 5000] [--postgres URL]`. Two stores, one
 * with ten keys and one with so many, are asked in turn: look-ups of keys, calls through a gate with ten keys that it knows,
 * and pages of the lists. On SQLite; on PostgreSQL as well when the URL of a server is given, in databases made for it.
 * Prints one line of JSON per database; exits 1 when the large store is more than 10 % slower (the medians), or a page takes
 * more than 50 ms.
 */
const { once } = require("node:events");
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { randomBytes } = require("node:crypto");
const { parseArgs } = require("node:util");
const express = require("express");
const { Client } = require("pg");
const { Pool } = require("undici");
const { built } = require("./support/build");
const { bulkLoad, intoPostgres, intoSqlite } = require("./support/bulk-load");

const { echoUpstream } = built("adapters/upstreams/echo.js");
const { forward, llmGate } = built("adapters/index.js");
const { createAdmin } = built("lib/admin/index.js");
const { createPeppers } = built("lib/keys/pepper.js");
const { postgresStore } = built("adapters/stores/postgres.js");
const { sqliteStore } = built("adapters/stores/sqlite.js");
const { OPEN_POLICY } = built("adapters/testing.js");

const { values } = parseArgs({
  options: {
    keys: { type: "string", default: "1000000" },
    users: { type: "string", default: "100000" },
    calls: { type: "string", default: "5000" },
    postgres: { type: "string", default: "" },
  },
});
const peppers = createPeppers({ current: 1, versions: { 1: "a pepper for measurements, long enough" } });
const SLOWER = 1.1;
const PAGE_MS = 50;
const ROUND = 50;

void main();

async function main() {
  const folder = mkdtempSync(path.join(tmpdir(), "gate-scale-"));
  try {
    const sizes = { many: { keys: Number(values.keys), users: Number(values.users) }, few: { keys: 10, users: 10 } };
    await measure("sqlite", sizes, async (name) => {
      const file = path.join(folder, `${name}.db`);
      return { store: sqliteStore(file), loader: async () => intoSqlite(file) };
    });
    if (values.postgres === "") return;
    await measure("postgres", sizes, async (name) => {
      const url = await freshDatabase(values.postgres, `scale_${name}_${process.pid}`);
      return { store: postgresStore(url), loader: () => intoPostgres(url) };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(database, sizes, open) {
  const [few, many] = [await loaded(await open("few"), sizes.few), await loaded(await open("many"), sizes.many)];
  const report = {
    ...{ database, keys: sizes.many.keys, users: sizes.many.users, loadedSeconds: many.seconds },
    lookUp: await compared(few, many, (site) => site.store.findKey(drawn(site.keys).id)),
    call: await compared(few, many, (site) => called(site)),
    pages: await pages(many),
    peppersMs: await timed(() => many.store.pepperUse()),
  };
  for (const site of [few, many]) await site.close();
  const slow = [report.lookUp, report.call].some(({ ratio }) => ratio > SLOWER);
  const slowPage = Object.values(report.pages).some(({ p50 }) => p50 > PAGE_MS);
  if (slow || slowPage) process.exitCode = 1;
  console.log(JSON.stringify({ ...report, ok: !slow && !slowPage }));
}

/** An open store with so many keys, and a gate with an upstream that echoes. */
async function loaded({ store, loader }, size) {
  await store.open();
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const admin = createAdmin({ store, clock, peppers, random: (bytes) => randomBytes(bytes) });
  await admin.applyPolicy(OPEN_POLICY);
  const [organization, group] = await store.admin.transaction(async (tx) => {
    const [only] = await tx.organizations();
    return [only, (await tx.groups(only.id))[0]];
  });
  const { put, end } = await loader();
  const began = performance.now();
  const keys = await bulkLoad(put, { ...size, peppers, organizationId: organization.id, groupId: group.id });
  await end();
  const seconds = Math.round((performance.now() - began) / 1_000);
  const gate = llmGate({ store, pepper: peppers });
  await gate.ready();
  const app = express();
  app.use(gate);
  app.use("/v1", forward({ default: echoUpstream() }));
  const server = gate.protectServer(app.listen(0, "127.0.0.1"));
  await once(server, "listening");
  const pool = new Pool(`http://127.0.0.1:${server.address().port}`, { connections: 1 });
  const close = async () => {
    await pool.close();
    await gate.close(0);
  };
  return { store, admin, keys, hot: keys.slice(0, 10), pool, seconds, close };
}

async function called({ pool, hot }) {
  const { statusCode, body } = await pool.request({
    ...{ path: "/v1/chat/completions", method: "POST" },
    headers: { authorization: `Bearer ${drawn(hot).key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "hello" }] }),
  });
  await body.dump();
  if (statusCode !== 200) throw new Error(`a call was answered with ${statusCode}`);
}

/** The same work on both, in turn, so that a busy machine disturbs both alike. */
async function compared(few, many, work) {
  const took = { few: [], many: [] };
  for (let done = -ROUND; done < Number(values.calls); done += ROUND) {
    for (const [name, site] of Object.entries({ few, many })) {
      for (let at = 0; at < ROUND; at += 1) {
        const ms = await timed(() => work(site));
        if (done >= 0) took[name].push(ms);
      }
    }
  }
  const [small, large] = [summary(took.few), summary(took.many)];
  return { few: small, many: large, ratio: Number((large.p50 / small.p50).toFixed(3)) };
}

async function pages({ admin }) {
  const middle = (await admin.keyPage({ limit: 10_000 })).items.at(-1);
  const users = (await admin.userPage({ limit: 10_000 })).items.at(-1);
  const asked = {
    keys: () => admin.keyPage({ limit: 100 }),
    keysAfter: () => admin.keyPage({ limit: 100, after: middle.id }),
    keysOfUser: () => admin.keyPage({ limit: 100, email: users.email }),
    keysOfPepper: () => admin.keyPage({ limit: 100, pepperVersion: 1, after: middle.id }),
    users: () => admin.userPage({ limit: 100 }),
    usersAfter: () => admin.userPage({ limit: 100, after: users.email }),
    groups: () => admin.groupPage({ limit: 100 }),
  };
  const report = {};
  for (const [name, ask] of Object.entries(asked)) {
    const took = [];
    for (let at = 0; at < 30; at += 1) took.push(await timed(ask));
    report[name] = summary(took);
  }
  return report;
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function summary(took) {
  const sorted = [...took].sort((a, b) => a - b);
  const at = (share) => Number(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(3));
  return { p50: at(0.5), p99: at(0.99) };
}

function drawn(items) {
  return items[Math.floor(Math.random() * items.length)];
}

async function freshDatabase(root, name) {
  const client = new Client({ connectionString: root });
  await client.connect();
  await client.query(`drop database if exists ${name}`);
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(root);
  url.pathname = `/${name}`;
  return url.href;
}
