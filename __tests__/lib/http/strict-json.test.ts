import fc from "fast-check";
import { Denial } from "../../../lib/denial";
import { parseStrictJson, parseStrictValue } from "../../../lib/http/strict-json";
import { describeByTokens } from "./json-reference";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The reason for which the bytes are refused, or "accepted". */
function outcome(input: string | Uint8Array): string {
  try {
    parseStrictValue(typeof input === "string" ? bytes(input) : input);
    return "accepted";
  } catch (error) {
    if (!(error instanceof Denial)) throw error;
    expect(error.code).toBe("invalid_body");
    return error.reason;
  }
}

describe("parseStrictValue", () => {
  it.each([
    ["null"],
    ["true"],
    [" false "],
    ["0"],
    ["-0"],
    ["-1.5e+10"],
    ["1E400"],
    ['""'],
    ['"\\u00e9\\ud83d\\ude00\\/"'],
    ['"\\ud800"'],
    ["[]"],
    ["[ ]"],
    ["{ }"],
    ['\t\r\n{"a":[1,{"a":2}],"b":{"a":3}} \n'],
    ['{"":1," ":2,"\u{1f600}":3}'],
    ['{"a\\n":1,"a":2,"an":3}'],
  ])("accepts %s", (text) => {
    expect(parseStrictValue(bytes(text))).toEqual(JSON.parse(text));
  });

  it.each([
    "",
    " ",
    "{",
    "[",
    '"',
    '"a',
    '"\\',
    '"\\x"',
    '"\\u12g4"',
    '"\\u12',
    '"\n"',
    '"\u0000"',
    "tru",
    "nullx",
    "NaN",
    "Infinity",
    "undefined",
    "01",
    "1.",
    ".5",
    "-",
    "+1",
    "1e",
    "1e+",
    "0x10",
    "'a'",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1}",
    '{"a":1,}',
    "{,}",
    '{"a"}',
    '{"a" 1}',
    '{"a":}',
    "{a:1}",
    "{1:1}",
    '{"a":1]',
    "]",
    "{} {}",
    "{}x",
    "1 2",
    "/* c */ 1",
    "1 // c",
    "\u00a01",
    "\f1",
  ])("refuses %j as invalid JSON", (text) => {
    expect(outcome(text)).toBe("invalid_json");
  });

  it.each([
    ["a byte order mark", [0xef, 0xbb, 0xbf, 0x31]],
    ["an overlong form", [0x22, 0xc0, 0xaf, 0x22]],
    ["an encoded surrogate", [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ["a cut sequence", [0x22, 0xe2, 0x80, 0x22]],
    ["Latin-1", [0x22, 0xe9, 0x22]],
    ["above U+10FFFF", [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
    ["UTF-16", [0xff, 0xfe, 0x31, 0x00]],
  ])("refuses %s as invalid UTF-8", (_, input) => {
    expect(outcome(Uint8Array.from(input))).toBe("invalid_utf8");
  });

  it.each([
    '{"model":"a","model":"b"}',
    '{"model":"a","mod\\u0065l":"b"}',
    '{"\\ud83d\\ude00":1,"\u{1f600}":2}',
    '{"\\ud800":1,"\\uD800":2}',
    '{"a":{"b":[{"c":1,"d":2,"c":3}]}}',
    '{"__proto__":1,"__proto__":2}',
    '{"":1,"":2}',
    '[{"a":1},{"b":1,"b":2}]',
    '{"a":{"a":1},"b":{},"a":2}',
    `{${Array.from({ length: 40 }, (_, index) => `"k${index}":0`).join()},"k3":1}`,
    `{${Array.from({ length: 40 }, (_, index) => `"k${index}":{"k1":0}`).join()},"k\\u0033":1}`,
  ])("refuses the duplicate name in %s", (text) => {
    expect(outcome(text)).toBe("duplicate_key");
  });

  it.each([
    ["arrays", "[", "]"],
    ["objects", '{"a":', "}"],
  ])("accepts 64 nested %s and refuses 65", (_, open, close) => {
    const inner = open === "[" ? "" : "1";
    expect(outcome(open.repeat(64) + inner + close.repeat(64))).toBe("accepted");
    expect(outcome(open.repeat(65) + inner + close.repeat(65))).toBe("too_deep");
  });

  it.each(["[", '{"a":', '[{"a":'])("answers %j a million times over at once", (open) => {
    const input = bytes(open.repeat(1_000_000));
    const start = performance.now();
    expect(outcome(input)).toBe("too_deep");
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it("reads member names as data", () => {
    const value = parseStrictValue(bytes('{"__proto__":{"polluted":1},"constructor":{"prototype":2}}'));
    expect(Object.keys(value as object)).toEqual(["__proto__", "constructor"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("reads a view into a larger buffer, and leaves out what is around it", () => {
    const around = bytes('xx{"a":1}yy');
    expect(parseStrictValue(around.subarray(2, 9))).toEqual({ a: 1 });
    expect(parseStrictValue(Buffer.from(around).subarray(2, 9))).toEqual({ a: 1 });
  });

  it("stays linear in the number of members", () => {
    const text = `{${Array.from({ length: 200_000 }, (_, index) => `"k${index}":0`).join()}}`;
    const start = performance.now();
    expect(outcome(text)).toBe("accepted");
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("parseStrictJson", () => {
  it("keeps the bytes that were judged beside the value", () => {
    const input = bytes('{"n":12345678901234567890}');
    expect(parseStrictJson(input).bytes).toBe(input);
    expect(parseStrictJson(input).value).toEqual({ n: 12345678901234567890 });
  });

  it.each(["null", "[]", '"x"', "0", "true"])("demands an object and refuses %s", (text) => {
    expect(() => parseStrictJson(bytes(text))).toThrow(expect.objectContaining({ reason: "invalid_json" }));
  });
});

describe("differential", () => {
  /** What JSON.parse and a naive look at the tokens say of a text. */
  function expected(text: string): string {
    try {
      JSON.parse(text);
    } catch {
      return "refused";
    }
    const { duplicate, depth } = describeByTokens(text);
    return duplicate || depth > 64 ? "refused" : "accepted";
  }

  function agrees(text: string): void {
    expect([text, outcome(text) === "accepted" ? "accepted" : "refused"]).toEqual([text, expected(text)]);
    if (outcome(text) === "accepted") expect(parseStrictValue(bytes(text))).toEqual(JSON.parse(text));
  }

  it("agrees with JSON.parse and a naive duplicate finder on documents", () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), agrees), { numRuns: 1_500 });
  });

  it("agrees on documents with a change", () => {
    const changed = fc
      .tuple(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom('"', "{", "}", "[", "]", ",", ":", "\\", "0", "e", "-", " ", ""),
      )
      .map(([text, seed, piece]) => {
        const at = seed % (text.length + 1);
        return text.slice(0, at) + piece + text.slice(at + (seed % 2));
      });
    fc.assert(fc.property(changed, agrees), { numRuns: 3_000 });
  });

  it("agrees on any sequence of tokens", () => {
    const token = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"\\u0061"',
      '"b"',
      '"é"',
      "1",
      "-0.5e1",
      "true",
      "null",
      " ",
    );
    const text = fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join(""));
    fc.assert(fc.property(text, agrees), { numRuns: 5_000 });
  });

  it("finds duplicates among few names, escaped or not", () => {
    const name = fc.constantFrom(
      '"a"',
      '"\\u0061"',
      '"b"',
      '"\\u0062"',
      '"ab"',
      '"é"',
      '"\\u00e9"',
      '"\\ud800"',
      '""',
      '"\\\\"',
    );
    const object = fc.array(name, { maxLength: 12 }).map((names) => `{${names.map((one) => `${one}:1`).join()}}`);
    const nested = fc
      .array(fc.tuple(name, object), { maxLength: 5 })
      .map((all) => `{${all.map(([k, v]) => `${k}:${v}`).join()}}`);
    fc.assert(fc.property(fc.oneof(object, nested), agrees), { numRuns: 3_000 });
  });

  it("never throws anything but a Denial, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (input) => {
        outcome(input);
      }),
      { numRuns: 3_000 },
    );
  });
});
