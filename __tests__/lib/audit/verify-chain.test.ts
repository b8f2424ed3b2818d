import fc from "fast-check";
import { canonicalBytes, parseRecord } from "../../../lib/audit/canonical";
import { canonicalColumns } from "../../../lib/audit/canonical-pattern";
import { linkHash } from "../../../lib/audit/hash-chain";
import { chainColumns, type ChainRow } from "../../../lib/audit/chain-row";
import { auditEvent, type DlpReport } from "../../../lib/audit/record";
import { CHAIN_START, stampRecord, type ChainEnd } from "../../../lib/audit/stamp-record";
import { createChainVerifier, type ChainFault } from "../../../lib/audit/verify-chain";
import { formVectors } from "../../support/form-vectors";

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const USER = "alice@acme.test";
const COUNTS = { scanned: 9, delivered: 9, notRewritten: 0, releasedBeforeBlock: 3 };
const REPORT: DlpReport = { outcome: "redacted", findings: { CREDIT_CARD: 1 }, notScanned: ["image"], ...COUNTS };

function chain(length: number, node = "n"): ChainRow[] {
  let end: ChainEnd = CHAIN_START;
  return Array.from({ length }, (_, index) => {
    const event = auditEvent("refusal", index * 1_000, {
      requestId: `call-${index}`,
      user: "alice@acme.test",
      status: 403,
    });
    const stamped = stampRecord(end, { node, boot: "b" }, event);
    end = stamped;
    return { bytes: stamped.bytes, hash: Buffer.from(stamped.link).toString("hex"), columns: stamped.columns };
  });
}

function faults(rows: readonly ChainRow[], from?: ChainEnd): readonly ChainFault[] {
  const verifier = createChainVerifier("n", from);
  return rows.flatMap((row) => verifier.next(row) ?? []);
}

function first(rows: readonly ChainRow[]): string | undefined {
  const fault = faults(rows)[0];
  return fault === undefined
    ? undefined
    : `${fault.seq} ${fault.reason}${fault.column === null ? "" : ` ${fault.column}`}`;
}

const LENGTH = 12;
const ROWS = chain(LENGTH);
const row = (index: number): ChainRow => ROWS[index] ?? fail(index);

function fail(index: number): never {
  throw new Error(`no row ${index}`);
}

it("finds nothing in a chain that nobody touched, whole or from the middle", () => {
  expect(faults(ROWS)).toEqual([]);
  const middle = { seq: 5, link: Buffer.from(row(4).hash, "hex") };
  expect(faults(ROWS.slice(5), middle)).toEqual([]);
});

it("ends where the chain ends", () => {
  const verifier = createChainVerifier("n");
  for (const next of ROWS) verifier.next(next);
  expect(Buffer.from(verifier.end().link).toString("hex")).toBe(row(LENGTH - 1).hash);
});

describe("whatever is done to one record, it is named", () => {
  const position = fc.integer({ min: 0, max: LENGTH - 1 });

  it("a byte of it changed", () => {
    fc.assert(
      fc.property(position, fc.nat(), fc.integer({ min: 1, max: 255 }), (index, at, change) => {
        const bytes = Uint8Array.from(row(index).bytes);
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ change;
        expect(first(ROWS.with(index, { ...row(index), bytes }))).toBe(`${index + 1} bad_hash`);
      }),
    );
  });

  it("taken out", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LENGTH - 2 }), (index) => {
        expect(first(ROWS.toSpliced(index, 1))).toBe(`${index + 1} gap`);
      }),
    );
  });

  it("written twice, or put in from another chain", () => {
    fc.assert(
      fc.property(position, (index) => {
        expect(first(ROWS.toSpliced(index, 0, row(index)))).toBe(`${index + 1} order`);
        expect(first(ROWS.toSpliced(index, 0, ...chain(1, "other")))).toBe("1 foreign_node");
      }),
    );
  });

  it("exchanged with another, its position with it or not", () => {
    fc.assert(
      fc.property(position, position, (one, other) => {
        fc.pre(one < other);
        const moved = ROWS.with(one, row(other)).with(other, row(one));
        expect(first(moved)).toBe(`${one + 1} gap`);
        const { bytes, hash } = row(other);
        expect(first(ROWS.with(one, { ...row(one), bytes, hash }))).toBe(`${one + 1} bad_hash`);
      }),
    );
  });

  it("its hash changed, or cut short", () => {
    fc.assert(
      fc.property(position, fc.integer({ min: 0, max: 63 }), (index, length) => {
        expect(first(ROWS.with(index, { ...row(index), hash: row(index).hash.slice(0, length) }))).toBe(
          `${index + 1} bad_hash`,
        );
      }),
    );
  });

  it("a column changed", () => {
    const { seq: _seq, node: _node, boot: _boot, ...columns } = row(0).columns;
    for (const column of Object.keys(columns)) {
      const forged = { ...row(3), columns: { ...row(3).columns, [column]: "forged" } };
      expect(first(ROWS.with(3, forged))).toBe(`4 column_mismatch ${column}`);
    }
    expect(first(ROWS.with(3, { ...row(3), columns: { ...row(3).columns, boot: "other" } }))).toBe("4 bad_hash");
  });
});

it("tells bytes that are no record, and a record that is not where it says, even when the links were made anew", () => {
  const start = CHAIN_START;
  const stamped = stampRecord(start, { node: "n", boot: "b" }, auditEvent("refusal", 0, {}));
  const other = stampRecord({ ...start, seq: 6 }, { node: "n", boot: "b" }, auditEvent("refusal", 0, {}));
  const relinked = (bytes: Uint8Array): ChainRow => {
    return {
      bytes,
      hash: Buffer.from(linkHash(start.link, "n", "b", 1, bytes)).toString("hex"),
      columns: stamped.columns,
    };
  };
  expect(first([relinked(Buffer.from("{"))])).toBe("1 unreadable");
  expect(first([relinked(Buffer.from("null"))])).toBe("1 unreadable");
  expect(first([relinked(other.bytes)])).toBe("1 column_mismatch seq");
});

describe("a record whose link was made anew", () => {
  const linked = (bytes: Uint8Array): ChainRow => {
    const { columns } = stampRecord(
      CHAIN_START,
      { node: "gate-1", boot: "b" },
      auditEvent("admin", AT, { user: USER }),
    );
    return { bytes, hash: Buffer.from(linkHash(CHAIN_START.link, "gate-1", "b", 1, bytes)).toString("hex"), columns };
  };
  const reason = (bytes: Uint8Array): string | undefined => createChainVerifier("gate-1").next(linked(bytes))?.reason;

  it.each(formVectors())("is taken in canonical form only: $name", ({ record, good }) => {
    expect(reason(Buffer.from(record))).toBe(good ? undefined : "not_canonical");
  });

  it("is no record in bytes that are no UTF-8, or that begin with a mark", () => {
    const [{ record } = { record: "" }] = formVectors();
    expect(reason(Buffer.from(record.replace("alice", "al\u00efce"), "latin1"))).toBe("unreadable");
    expect(reason(Buffer.from(`\ufeff${record}`))).toBe("unreadable");
    expect(["null", "[]", "5", "{"].map((text) => reason(Buffer.from(text)))).toEqual(Array(4).fill("unreadable"));
  });

  it("is read fast only where it is canonical, and says the same then", () => {
    const events = [
      auditEvent("completion", AT, {
        dlp: { request: REPORT, response: null },
        status: 200,
        requestId: "r",
        outcome: "ok",
      }),
      auditEvent("intent", AT, { content: { cut: false, direction: "request", key: "k", nonce: "n", sealed: "s" } }),
      auditEvent("refusal", AT, { user: "", model: "gpt", reason: "dlp" }),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...events),
        fc.nat(),
        fc.string({ maxLength: 3 }),
        fc.nat(4),
        (event, at, put, cut) => {
          const { bytes } = stampRecord(CHAIN_START, { node: "gate-1", boot: "b" }, event);
          expect(canonicalColumns(bytes)).toMatchObject(chainColumns(parseRecord(bytes)));
          const text = Buffer.from(bytes).toString();
          const changed = Buffer.from(text.slice(0, at % text.length) + put + text.slice((at % text.length) + cut));
          if (canonicalColumns(changed) !== null)
            expect(Buffer.from(canonicalBytes(parseRecord(changed))).equals(changed)).toBe(true);
        },
      ),
    );
  });
});

it("goes on after a fault, so that a second one is found too", () => {
  const bytes = Buffer.from("{}");
  const twice = ROWS.with(2, { ...row(2), bytes }).with(7, { ...row(7), bytes });
  expect(faults(twice).map(({ seq }) => seq)).toEqual([3, 8]);
});
