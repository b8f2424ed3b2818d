const { built } = require("./build");
const { parseRecord } = built("lib/audit/canonical.js");
const { createRangeVerifier } = built("lib/audit/verify-range.js");
const { readCheckpoint } = built("lib/audit/read-checkpoint.js");
const { CHAIN_START } = built("lib/audit/stamp-record.js");

/** Rows in memory, node → rows in the order of `seq`, as a verifier reads a trail. */
exports.memorySource = function memorySource(chains) {
  const rowsOf = (node) => chains.get(node) ?? [];
  const rowAt = (node, seq) => rowsOf(node).find(({ columns }) => columns.seq === seq);
  return {
    heads: async () =>
      [...chains].flatMap(([node, rows]) => {
        const last = rows.at(-1);
        if (last === undefined) return [];
        const { boot, seq } = last.columns;
        return [{ node, boot, seq, hash: last.hash, records: rows.length, first: rows[0].columns.seq }];
      }),
    running: async () => new Set(),
    async verifyRange(node, after, through) {
      const before = rowsOf(node).findLast(({ columns }) => columns.seq <= after);
      const start = before
        ? { seq: before.columns.seq, link: Buffer.from(before.hash, "hex"), at: before.columns.at }
        : { ...CHAIN_START, at: null };
      const verifier = createRangeVerifier(node, start, Date.UTC(2030, 0, 1));
      for (const row of rowsOf(node)) if (row.columns.seq > after && row.columns.seq <= through) verifier.next(row);
      return verifier.report();
    },
    async linkAt(node, seq) {
      const row = rowAt(node, seq);
      return row === undefined ? null : { boot: row.columns.boot, hash: row.hash, at: row.columns.at };
    },
    async *checkpoints(node, through) {
      for (const row of rowsOf(node)) {
        const checkpoint = row.columns.kind === "checkpoint" && row.columns.seq <= through ? checkpointIn(row) : null;
        if (checkpoint !== null) yield checkpoint;
      }
    },
    checkpointAt: async (node, seq) => checkpointIn(rowAt(node, seq)),
    delivered: async () => [],
    // None of these was pruned.
    async *pruneNotes() {},
    // No tampering of these puts a row outside the chains.
    strays: async () => ({ count: 0, first: null }),
  };
};

function checkpointIn(row) {
  try {
    return readCheckpoint(parseRecord(row.bytes).checkpoint);
  } catch {
    return null;
  }
}
