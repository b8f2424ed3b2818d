import { GENESIS, linkHash } from "../../../lib/audit/hash-chain";

const link = (...[previous, node, boot, seq, record]: Parameters<typeof linkHash>): string =>
  Buffer.from(linkHash(previous, node, boot, seq, record)).toString("hex");

/** Computed by another program from the description in hash-chain.ts. */
const VECTORS = [
  {
    node: "gate-1",
    boot: "b1",
    seq: 1,
    record: "",
    hash: "a573155e13521677f7d4487f745346ec15f80142c14611adebfd22898ff8eace",
  },
  {
    node: "gate-1",
    boot: "b1",
    seq: 2,
    record: '{"v":1}',
    hash: "92a73e2099fc9a58e4a89096889fb7a401e6c99cbdf1eaa7abf61fca6fdc306c",
  },
  {
    node: "gäte",
    boot: "b2",
    seq: 2 ** 40 + 3,
    record: '{"model":"é"}',
    hash: "46110242843ec055235d65c105b26700a3e18219badf8e9bc1e36417d33e42fd",
  },
];

it("links as the format says", () => {
  let previous = GENESIS;
  for (const { node, boot, seq, record, hash } of VECTORS) {
    const bytes = Buffer.from(record);
    expect(link(previous, node, boot, seq, bytes)).toBe(hash);
    previous = linkHash(previous, node, boot, seq, bytes);
  }
});

it("depends on every part, and on where one part ends and the next begins", () => {
  const bytes = Buffer.from("record");
  const links = [
    link(GENESIS, "ab", "c", 1, bytes),
    link(GENESIS, "a", "bc", 1, bytes),
    link(GENESIS, "abc", "", 1, bytes),
    link(GENESIS, "ab", "c", 2, bytes),
    link(GENESIS, "ab", "c", 1, Buffer.from("recorD")),
    link(GENESIS, "ab", "c", 1, Buffer.from("")),
    link(Buffer.alloc(32, 1), "ab", "c", 1, bytes),
  ];
  expect(new Set(links).size).toBe(links.length);
});

it("refuses a link of another length", () => {
  expect(() => linkHash(new Uint8Array(31), "n", "b", 1, new Uint8Array())).toThrow(RangeError);
});
