import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { ConfigurationError } from "../../../lib/denial";
import { encodeBase62, randomBase62 } from "../../../lib/keys/base62";
import { KEY_PATTERN, checksumOf, keyPattern } from "../../../lib/keys/key-format";
import { mintKey } from "../../../lib/keys/mint-key";
import { parseKey } from "../../../lib/keys/parse-key";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A second, bitwise CRC-32 and a BigInt base 62, so that the format does not only agree with itself. */
function naiveChecksum(text: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let rest = BigInt((crc ^ 0xffffffff) >>> 0);
  let digits = "";
  for (let place = 0; place < 6; place++, rest /= 62n) digits = DIGITS.charAt(Number(rest % 62n)) + digits;
  return digits;
}

function flip(text: string, at: number): string {
  const digit = DIGITS.charAt((DIGITS.indexOf(text.charAt(at)) + 1) % 62);
  return text.slice(0, at) + digit + text.slice(at + 1);
}

describe("a key", () => {
  it("has the published form, so that other tools can make and check one", () => {
    const { id, key } = mintKey((size) => new Uint8Array(size));
    expect(key).toBe("llmg_" + "0".repeat(43) + naiveChecksum("llmg_" + "0".repeat(43)));
    expect(id).toBe("0000000000");
    expect(key).toHaveLength(54);
  });

  it("ends in the CRC-32 of all before it, six digits, most significant first", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(checksumOf(text)).toBe(naiveChecksum(text));
      }),
    );
    expect(checksumOf("123456789")).toBe(encodeBase62(0xcbf43926, 6));
    expect(encodeBase62(0, 6)).toBe("000000");
    expect(encodeBase62(0xffffffff, 6)).toBe("4gfFC3");
  });

  it("parses back to its id, is found by the published pattern, and is never printed twice", () => {
    const seen = new Set<string>();
    for (let round = 0; round < 5_000; round++) {
      const { id, key } = mintKey(randomBytes);
      expect(parseKey(key)).toEqual({ ok: true, id });
      expect(KEY_PATTERN.exec(`export KEY="${key}";`)?.[0]).toBe(key);
      seen.add(key);
    }
    expect(seen.size).toBe(5_000);
  });

  it("is refused with any one character changed", () => {
    const { key } = mintKey(randomBytes);
    for (let at = 5; at < key.length; at++) {
      expect(parseKey(flip(key, at))).toEqual({ ok: false, reason: "bad_checksum" });
    }
  });

  it.each([
    ["empty", () => ""],
    ["one character short", (key: string) => key.slice(0, -1)],
    ["one character long", (key: string) => `${key}0`],
    ["the prefix of another product", (key: string) => key.replace("llmg", "sk12")],
    ["the prefix in capitals", (key: string) => key.replace("llmg", "LLMG")],
    ["a line feed at the end", (key: string) => `${key.slice(0, -1)}\n`],
    ["NUL inside", (key: string) => `${key.slice(0, 20)}\0${key.slice(21)}`],
    ["quotes inside", () => `llmg_${"' OR 1=1--".padEnd(49, "a")}`],
    ["emoji as Latin-1", () => `llmg_${Buffer.from("🔑").toString("latin1").padEnd(49, "a")}`],
    ["a look-alike letter", (key: string) => `${key.slice(0, 20)}а${key.slice(21)}`],
    ["8 KiB of A", () => "A".repeat(8192)],
    ["__proto__", () => "__proto__"],
  ])("is malformed when it is %s", (_name, change) => {
    expect(parseKey(change(mintKey(randomBytes).key))).toEqual({ ok: false, reason: "malformed" });
  });

  it("never makes the parser throw, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(parseKey(text).ok).toBe(false);
        expect(parseKey(`llmg_${text}`).ok).toBe(false);
      }),
    );
  });
});

describe("the key prefix", () => {
  it("is the operator's to choose", () => {
    const { id, key } = mintKey(randomBytes, "acme2");
    expect(key).toHaveLength(55);
    expect(parseKey(key, "acme2")).toEqual({ ok: true, id });
    expect(parseKey(key)).toEqual({ ok: false, reason: "malformed" });
    expect(keyPattern("acme2").test(key)).toBe(true);
  });

  it.each(["", "a", "Acme", "ac-me", "ac_me", "abcdefghijklm", "ab\n", ".*"])("%j is refused at start-up", (prefix) => {
    expect(() => mintKey(randomBytes, prefix)).toThrow(ConfigurationError);
    expect(() => keyPattern(prefix)).toThrow(/2 to 12 lower-case/);
  });
});

describe("random digits", () => {
  it("throw away the bytes that would favour some digits", () => {
    const bytes = [255, 0, 248, 61, 247, 62, 254, 1];
    expect(randomBase62((size) => Uint8Array.from(bytes.splice(0, size)), 5)).toBe("0zz01");
  });

  it("are each as likely as any other", () => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const counts = new Map<string, number>();
    for (const digit of randomBase62(() => every, 248)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    expect([...counts.values()]).toEqual(Array(62).fill(4));
  });
});
