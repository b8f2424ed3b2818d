import * as zlib from "node:zlib";
import { brotliCompressSync, constants, crc32, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { contentCoding, decodeBytes, requestRefusals } from "../../../lib/http/decode";
import { CONTENT_CODINGS } from "../../../lib/http/inflate";

const MAX = 1_000_000;
const BODY = Buffer.from(JSON.stringify({ model: "m", input: "é".repeat(500) }));

async function decode(encoding: string | undefined, bytes: Uint8Array, max = MAX): Promise<Uint8Array> {
  const coding = contentCoding(encoding);
  if (coding === null) throw requestRefusals(max).unsupported();
  return decodeBytes(coding, bytes, max, requestRefusals(max));
}

const gzip = gzipSync(BODY);
const brotli = brotliCompressSync(BODY);

/** With every optional part of the header: extra field, name, comment, header sum. */
function decoratedGzip(damage = 0): Uint8Array {
  const head = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3, 3, 0]),
    Buffer.from("abcname\0comment\0"),
  ]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE((crc32(head) & 0xffff) ^ damage);
  return Buffer.concat([head, sum, gzip.subarray(10)]);
}

describe("contentCoding", () => {
  it.each([
    [undefined, "identity"],
    ["identity", "identity"],
    ["gzip", "gzip"],
    ["GZIP", "gzip"],
    [" Br ", "br"],
    ["", null],
    ["x-gzip", null],
    ["deflate", null],
    ["compress", null],
    ["gzip, gzip", null],
    ["identity, gzip", null],
    ["gzip;q=1", null],
    ["constructor", null],
  ])("reads %j as %j", (value, expected) => {
    expect(contentCoding(value)).toBe(expected);
  });

  it("offers zstd exactly where this Node has it", () => {
    const offered = "createZstdDecompress" in zlib;
    expect(contentCoding("zstd")).toBe(offered ? "zstd" : null);
    expect(CONTENT_CODINGS).toEqual(offered ? ["gzip", "br", "zstd"] : ["gzip", "br"]);
  });
});

describe("decodeBytes", () => {
  it.each([
    ["no coding", undefined, BODY],
    ["gzip", "gzip", gzip],
    ["stored gzip", "gzip", gzipSync(BODY, { level: 0 })],
    ["gzip with every header field", "gzip", decoratedGzip()],
    ["br", "br", brotli],
  ])("gives back what was encoded: %s", async (_, encoding, bytes) => {
    expect(Buffer.from(await decode(encoding, bytes))).toEqual(BODY);
  });

  it.each([gzipSync(""), gzipSync(Buffer.alloc(0), { level: 0 })])("gives back nothing for nothing", async (bytes) => {
    expect(await decode("gzip", bytes)).toHaveLength(0);
  });

  it("gives back bodies above the size that it keeps while measuring", async () => {
    const large = Buffer.from(Array.from({ length: 400_000 }, (_, index) => `${index},`).join(""));
    for (const bytes of [
      gzipSync(large),
      brotliCompressSync(large, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
    ]) {
      const encoding = bytes[0] === 0x1f ? "gzip" : "br";
      expect(Buffer.compare(await decode(encoding, bytes, large.length), large)).toBe(0);
      await expect(decode(encoding, bytes, large.length - 1)).rejects.toMatchObject({ code: "body_too_large" });
    }
  });

  it.each([
    ["a truncated member", "gzip", gzip.subarray(0, -9)],
    ["a missing trailer", "gzip", gzip.subarray(0, -1)],
    ["half a header", "gzip", gzip.subarray(0, 5)],
    ["trailing garbage", "gzip", Buffer.concat([gzip, Buffer.from("x")])],
    ["zero padding", "gzip", Buffer.concat([gzip, Buffer.alloc(8)])],
    ["a second member", "gzip", Buffer.concat([gzip, gzip])],
    ["an empty second member", "gzip", Buffer.concat([gzip, gzipSync("")])],
    ["a wrong checksum", "gzip", Buffer.concat([gzip.subarray(0, -8), Buffer.alloc(4), gzip.subarray(-4)])],
    ["a wrong length", "gzip", Buffer.concat([gzip.subarray(0, -4), Buffer.alloc(4)])],
    ["a wrong header sum", "gzip", decoratedGzip(1)],
    [
      "a name that does not end",
      "gzip",
      Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3, ...Array<number>(30).fill(65)]),
    ],
    ["reserved flags", "gzip", Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0x20]), gzip.subarray(4)])],
    ["plain text", "gzip", BODY],
    ["nothing", "gzip", Buffer.alloc(0)],
    ["zlib's own format", "gzip", deflateSync(BODY)],
    ["a truncated stream", "br", brotli.subarray(0, -1)],
    ["trailing garbage", "br", Buffer.concat([brotli, Buffer.from("x")])],
    ["a second stream", "br", Buffer.concat([brotli, brotli])],
    ["plain text", "br", BODY],
    ["nothing", "br", Buffer.alloc(0)],
  ])("refuses %s as %s", async (_, encoding, bytes) => {
    await expect(decode(encoding, bytes)).rejects.toMatchObject({ code: "invalid_body", reason: "body_incomplete" });
  });

  it("undoes zstd where this Node has it, one frame and nothing after it", async () => {
    const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Buffer };
    if (!zstdCompressSync) return expect(contentCoding("zstd")).toBeNull();
    const zstd = zstdCompressSync(BODY);
    expect(Buffer.from(await decode("zstd", zstd))).toEqual(BODY);
    for (const broken of [
      zstd.subarray(0, -1),
      Buffer.concat([zstd, Buffer.from("x")]),
      Buffer.concat([zstd, zstd]),
      BODY,
    ]) {
      await expect(decode("zstd", broken)).rejects.toMatchObject({ reason: "body_incomplete" });
    }
    await expect(decode("zstd", zstdCompressSync(Buffer.alloc(MAX + 1)))).rejects.toMatchObject({
      code: "body_too_large",
    });
  });

  it("undoes one layer", async () => {
    expect(Buffer.from(await decode("gzip", gzipSync(gzip)))).toEqual(gzip);
  });

  it.each(["gzip, gzip", "deflate", "x-gzip"])("refuses the coding %s", async (encoding) => {
    await expect(decode(encoding, gzip)).rejects.toMatchObject({
      code: "unsupported_media_type",
      reason: "content_encoding",
    });
  });

  it("never keeps what a bomb yields, though many come at once", async () => {
    const zeros = Buffer.alloc(64 * 1024 * 1024);
    const bombs = [
      ["gzip", gzipSync(zeros)],
      ["br", brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ] as const;
    const before = process.memoryUsage().rss;
    const all = Array.from({ length: 20 }, (_, index) => {
      const [encoding, bomb] = bombs[index % 2] ?? bombs[0];
      return decode(encoding, bomb, 16 * 1024 * 1024);
    });
    let highest = 0;
    const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 5);
    const outcomes = await Promise.allSettled(all);
    clearInterval(watch);
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    expect((outcomes[0] as PromiseRejectedResult).reason).toMatchObject({ code: "body_too_large" });
    expect(highest - before).toBeLessThan(96 * 1024 * 1024);
  });

  it("either gives the body back or refuses it, whatever bit was flipped", async () => {
    const flip = fc.tuple(fc.constantFrom(["gzip", gzip] as const), fc.nat(gzip.length * 8 - 1));
    await fc.assert(
      fc.asyncProperty(flip, async ([[encoding, whole], bit]) => {
        const bytes = Buffer.from(whole);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const [outcome] = await Promise.allSettled([decode(encoding, bytes)]);
        if (outcome.status === "fulfilled") expect(Buffer.compare(outcome.value, BODY)).toBe(0);
        else expect(outcome.reason).toMatchObject({ name: "Denial" });
      }),
      { numRuns: 150 },
    );
  });
});
