const { Client } = require("pg");
const { built } = require("./build");

const { openSqlite } = built("adapters/stores/sqlite-driver.js");
const { sqliteTrailSource } = built("adapters/audit/sqlite/trail-source.js");
const { postgresTrailSource } = built("adapters/audit/postgres/trail-source.js");

const RECORDS = "select record from audit where node = 'gate-1' order by seq";
const OPEN_CALLS = `select count(*) as open from audit as i where kind = 'intent' and not exists
  (select 1 from audit as e where e.node = i.node and e.request_id = i.request_id and e.kind in ('completion', 'interrupted'))`;

/**
 * The trail of a site that `prepareGate` made, read past the gate: `records()` of its node in order, `openCalls()` how many
 * have no end, `integrity()` what the database says of itself, `source()` for a verifier.
 */
exports.trailOf = function trailOf({ postgres, database }) {
  return postgres === undefined ? sqliteTrail(database) : postgresTrail(postgres);
};

function sqliteTrail(database) {
  const reading = async (read, options) => {
    const connection = openSqlite(database, options);
    try {
      return read(connection);
    } finally {
      connection.close();
    }
  };
  return {
    records: async () => parsed(await reading((connection) => connection.prepare(RECORDS).all())),
    openCalls: () => reading((connection) => connection.prepare(OPEN_CALLS).get().open, { readonly: true }),
    integrity: () => reading((connection) => connection.pragma("integrity_check")),
    source: () => sqliteTrailSource(database),
  };
}

function postgresTrail(url) {
  const rowsOf = async (text) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    records: async () => parsed(await rowsOf(RECORDS)),
    openCalls: async () => Number((await rowsOf(OPEN_CALLS))[0].open),
    /** It has no check of itself. */
    integrity: async () => "ok",
    source: () => postgresTrailSource(url),
  };
}

function parsed(rows) {
  return rows.map(({ record }) => JSON.parse(Buffer.from(record).toString()));
}
