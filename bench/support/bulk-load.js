const { randomBytes, randomUUID } = require("node:crypto");
const { Client } = require("pg");
const { built } = require("./build");

const { digestKey } = built("lib/keys/pepper.js");
const { mintKey } = built("lib/keys/mint-key.js");
const { openSqlite } = built("adapters/stores/sqlite-driver.js");

const USERS = ["id", "organization_id", "email", "role", "status"];
const MEMBERSHIPS = ["organization_id", "user_id", "group_id"];
const KEYS = ["id", "organization_id", "user_id", "name", "digest", "pepper_version", "created_at", "imported"];
const AT_ONCE = 10_000;

/**
 * Puts users into a group, and keys that are theirs in turn, straight into the tables of an open store, as the store itself
 * would have written them. `put(table, columns, rows)` writes one part. Gives some of the keys, spread evenly.
 */
exports.bulkLoad = async function bulkLoad(put, { organizationId, groupId, peppers, users, keys, kept = 1_000 }) {
  const userIds = Array.from({ length: users }, () => randomUUID());
  const emails = (at) => `user-${String(at).padStart(7, "0")}@acme.test`;
  for (const [start, ids] of parts(userIds)) {
    await put(
      "users",
      USERS,
      ids.map((id, at) => [id, organizationId, emails(start + at), "user", "active"]),
    );
    await put(
      "memberships",
      MEMBERSHIPS,
      ids.map((id) => [organizationId, id, groupId]),
    );
  }
  const known = [];
  const every = Math.max(1, Math.floor(keys / kept));
  const row = (at) => {
    const { id, key } = mintKey((size) => randomBytes(size));
    if (at % every === 0 && known.length < kept) known.push({ id, key });
    const digest = digestKey(peppers, peppers.current, key);
    return [id, organizationId, userIds[at % users], `key ${at}`, digest, peppers.current, 1_700_000_000_000 + at, 0];
  };
  for (const [start, part] of parts(new Array(keys).fill(0)))
    await put(
      "keys",
      KEYS,
      part.map((_, at) => row(start + at)),
    );
  return known;
};

function* parts(items) {
  for (let start = 0; start < items.length; start += AT_ONCE) yield [start, items.slice(start, start + AT_ONCE)];
}

exports.intoSqlite = function intoSqlite(path) {
  const connection = openSqlite(path);
  return {
    async put(table, columns, rows) {
      const marks = columns.map(() => "?").join(", ");
      const insert = connection.prepare(`insert into ${table} (${columns.join(", ")}) values (${marks})`);
      connection.exec("begin immediate");
      for (const row of rows) insert.run(...row);
      connection.exec("commit");
    },
    end: async () => {
      connection.exec("analyze");
      connection.close();
    },
  };
};

const TYPES = { digest: "bytea", pepper_version: "bigint", created_at: "bigint", imported: "bigint" };

exports.intoPostgres = async function intoPostgres(url) {
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    async put(table, columns, rows) {
      const lists = columns.map((name, at) => `$${at + 1}::${TYPES[name] ?? "text"}[]`).join(", ");
      const values = columns.map((_, at) => rows.map((row) => row[at]));
      await client.query(`insert into ${table} (${columns.join(", ")}) select * from unnest(${lists})`, values);
    },
    end: async () => {
      await client.query("vacuum analyze");
      await client.end();
    },
  };
};
