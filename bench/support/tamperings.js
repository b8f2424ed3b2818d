const { built } = require("./build");
const { linkHash } = built("lib/audit/hash-chain.js");
const { canonicalBytes, parseRecord } = built("lib/audit/canonical.js");
const { chainColumns } = built("lib/audit/chain-row.js");
const { CHAIN_START } = built("lib/audit/stamp-record.js");

/**
 * Ten ways to tamper with `chains` (node → rows), each at random and on a copy: `{ chains, node, seqs }`, where a
 * verifier may name any of `seqs`. What comes after the newest checkpoint's heads is its own record, the last: no
 * hash vouches for it, so that nothing is made anew there.
 */
exports.tamperings = function tamperings(chains, random) {
  const nodes = [...chains.keys()];

  /** `change` gets a copy of a node's rows and the index of one, and gives new rows and what may be named. */
  const on =
    (change, spareLast = false) =>
    () => {
      const node = nodes[random(nodes.length)];
      const rows = [...chains.get(node)];
      const index = random(rows.length - (spareLast ? 1 : 0));
      const { rows: changed = rows, seqs } = change(rows, index, node);
      return { chains: new Map([...chains, [node, changed]]), node, seqs };
    };

  return {
    edit: on((rows, index) => {
      const bytes = Uint8Array.from(rows[index].bytes);
      bytes[random(bytes.length)] ^= 1 + random(255);
      rows[index] = { ...rows[index], bytes };
      return { seqs: [index + 1] };
    }),
    delete: on((rows, index) => ({ rows: rows.toSpliced(index, 1), seqs: [index + 1] })),
    insert: on((rows, index, node) => {
      const record = { ...parseRecord(rows[index].bytes), user: "mallory@example.com", seq: index + 1 };
      const forged = rowOf(linkBefore(rows, index), { ...record, node });
      const moved = rows.slice(index).map((row) => ({ ...row, columns: { ...row.columns, seq: row.columns.seq + 1 } }));
      return { rows: [...rows.slice(0, index), forged, ...moved], seqs: [index + 1, index + 2] };
    }, true),
    swap: on((rows, index) => {
      const other = otherThan(index, rows.length, random);
      const at = (row, seq) => ({ ...row, columns: { ...row.columns, seq } });
      [rows[index], rows[other]] = [at(rows[other], index + 1), at(rows[index], other + 1)];
      return { seqs: [Math.min(index, other) + 1] };
    }),
    truncate: on((rows, index) => ({ rows: rows.slice(0, index), seqs: [index + 1] })),
    recompute: on((rows, index) => {
      const changed = { ...parseRecord(rows[index].bytes), user: "mallory@example.com" };
      let link = linkBefore(rows, index);
      for (let at = index; at < rows.length; at += 1) {
        rows[at] = rowOf(link, at === index ? changed : parseRecord(rows[at].bytes));
        link = Buffer.from(rows[at].hash, "hex");
      }
      return { seqs: [index + 1] };
    }, true),
    exchange: on((rows, index) => {
      const other = otherThan(index, rows.length, random);
      [rows[index], rows[other]] = [
        { ...rows[index], bytes: rows[other].bytes },
        { ...rows[other], bytes: rows[index].bytes },
      ];
      return { seqs: [Math.min(index, other) + 1] };
    }),
    time: on((rows, index) => {
      const at = new Date(Date.UTC(2020, 0, 1) + random(1e9)).toISOString();
      const { columns, bytes, hash } = rows[index];
      const said = canonicalBytes({ ...parseRecord(bytes), at });
      rows[index] = random(2) ? { hash, bytes, columns: { ...columns, at } } : { hash, bytes: said, columns };
      return { seqs: [index + 1] };
    }),
    splice: on((rows, index, node) => {
      const others = chains.get(nodes.find((name) => name !== node));
      const foreign = others[random(others.length)];
      const { boot } = rows[index].columns;
      const hash = random(2)
        ? foreign.hash
        : Buffer.from(linkHash(linkBefore(rows, index), node, boot, index + 1, foreign.bytes)).toString("hex");
      rows[index] = { ...foreign, hash, columns: { ...foreign.columns, node, boot, seq: index + 1 } };
      return { seqs: [index + 1] };
    }),
    forge: () => {
      const node = `forged-${random(2) ? "a" : "z"}`.slice(random(7));
      const began = Date.UTC(2020, 0, 1) + random(1e9) * 100;
      const rows = [];
      for (let seq = 1 + random(9); rows.length < seq;) {
        const at = new Date(began + rows.length * 1_000).toISOString();
        const { bytes } = chains.get(nodes[0])[rows.length];
        rows.push(rowOf(linkBefore(rows, rows.length), { ...parseRecord(bytes), node, at, seq: rows.length + 1 }));
      }
      return { chains: new Map([...chains, [node, rows]]), node, seqs: [1] };
    },
  };
};

function otherThan(index, length, random) {
  return (index + 1 + random(length - 1)) % length;
}

function linkBefore(rows, index) {
  return index === 0 ? CHAIN_START.link : Buffer.from(rows[index - 1].hash, "hex");
}

/** A row with a link that follows from the one before, as only a key could tell it from a true one. */
function rowOf(link, record) {
  const bytes = canonicalBytes(record);
  const { node, boot, seq } = record;
  const hash = Buffer.from(linkHash(link, node, boot, seq, bytes)).toString("hex");
  return { bytes, hash, columns: chainColumns(record) };
}
