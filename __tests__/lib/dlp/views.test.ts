import { gzipSync } from "node:zlib";
import { openRun } from "../../../lib/dlp/decode/encoded-runs";
import { openEscapes } from "../../../lib/dlp/decode/escapes";
import { viewsOf } from "../../../lib/dlp/views";

const SECRET = "mail alice@example.com now";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const hex = (text: string): string => Buffer.from(text).toString("hex");
const percent = (text: string): string => text.replace(/\W/g, (one) => `%${hex(one)}`);
const entities = (text: string): string => text.replace(/\W/g, (one) => `&#${one.charCodeAt(0)};`);
const inLines = (text: string, width: number): string => text.replace(RegExp(`.{${width}}`, "g"), "$&\n");

const ENCODINGS: readonly (readonly [name: string, encode: (text: string) => string])[] = [
  ["base64", base64],
  ["base64 without padding", (text) => base64(text).replace(/=/g, "")],
  ["base64url", (text) => Buffer.from(text).toString("base64url")],
  ["base64 in lines", (text) => inLines(base64(text.repeat(6)), 64)],
  ["base64 in CRLF lines", (text) => inLines(base64(text.repeat(6)), 76).replace(/\n/g, "\r\n")],
  ["base64 in lines of 20", (text) => inLines(base64(text.repeat(6)), 20)],
  ["base64 in lines of 32", (text) => inLines(base64(text.repeat(6)), 32)],
  ["base64 in indented lines of 41", (text) => inLines(base64(text.repeat(6)), 41).replace(/\n/g, "\n    ")],
  ["base64 in lines of 128", (text) => inLines(base64(text.repeat(9)), 128)],
  ["base64 of much text", (text) => base64(`${"lorem ipsum ".repeat(2_000)}${text}`)],
  ["hexadecimal digits in lines of 32", (text) => inLines(hex(text.repeat(3)), 32)],
  ["hexadecimal digits in lines of 25", (text) => inLines(hex(text.repeat(3)), 25)],
  ["hexadecimal digits", hex],
  ["hexadecimal digits behind 0x", (text) => `0x${hex(text).toUpperCase()}`],
  ["percent-escapes", percent],
  ["percent-escapes of every character", (text) => hex(text).replace(/../g, "%$&")],
  ["character references", entities],
  ["hexadecimal character references", (text) => text.replace(/\W/g, (one) => `&#x${hex(one)};`)],
  ["named character references", (text) => text.replace("@", "&commat;").replace(".", "&period;")],
  ["gzip in base64", (text) => gzipSync(text).toString("base64")],
];

const readsSecret = (text: string): boolean => viewsOf(text).some((view) => view.text.includes("alice@example.com"));

describe.each(ENCODINGS)("%s", (_name, encode) => {
  test.each([
    ["alone", (text: string) => text],
    ["in a sentence", (text: string) => `it is ${text}, he said`],
    ["in a code block", (text: string) => `see\n\`\`\`\n${text}\n\`\`\`\n`],
    ["twice", (text: string) => encode(text)],
    ["once more as base64", base64],
    ["once more as percent-escapes", percent],
  ])("is read %s", (_where, around) => {
    expect(readsSecret(around(encode(SECRET)))).toBe(true);
  });
});

test("what was decoded leads back to where it is written: to the character for escapes, to the whole run otherwise", () => {
  const written = "to alice%40example.com or YWxpY2VAZXhhbXBsZS5jb20= soon";
  const places = viewsOf(written).flatMap((view) => {
    const start = view.text.indexOf("alice@example.com");
    const place = start === -1 ? null : view.place(start, start + "alice@example.com".length);
    return place === null ? [] : [written.slice(place.start, place.end)];
  });
  expect(new Set(places)).toEqual(new Set(["alice%40example.com", "YWxpY2VAZXhhbXBsZS5jb20="]));
});

test("characters that may be read in two ways are read in both, and lead back to where they stand", () => {
  const written = "so 4\u2800\u2460\u00b9 is";
  const [plain, other, ...rest] = viewsOf(written);
  expect([plain?.text, other?.text, rest]).toEqual([written, "so 411 is", []]);
  expect(other?.place(3, 6)).toEqual({ start: 3, end: 7 });
  const far = "x ".repeat(200);
  const window = viewsOf(`${far}4\u00b9${far}`)[1];
  expect(window?.text).toHaveLength(292);
  expect([window?.place(0, 9), window?.place(129, 131), window?.place(255, 261)]).toEqual([
    null,
    { start: 400, end: 402 },
    null,
  ]);
  // With less before it than the text has, what ends before such a character could be taken for something else.
  expect(window?.place(100, 127)).toBeNull();
});

test("no word around an escape is cut in two, so that what is found in it ends where it ends without the escape", () => {
  const value = "ab.".repeat(200);
  const texts = viewsOf(`so ${value}%3D${value}#e ${"and so on ".repeat(20)}`).map(({ text }) => text);
  expect(texts[1]).toContain(` ${value}=${value}#e and`);
});

test("identifiers, digests, prose and binary data are not taken for encoded text", () => {
  for (const text of [
    "internationalization of responsibilities",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "123e4567-e89b-42d3-a456-426614174000",
    "node_modules/express-llm-gate/lib/http/strict-json",
    "100 % sure & ready",
    `data:image/png;base64,${Buffer.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82]).toString("base64")}`,
  ]) {
    expect(viewsOf(text)).toHaveLength(1);
  }
});

test("compressed text is inflated to a bound", () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, 97)).toString("base64").slice(0, 16_000);
  const startedAt = performance.now();
  expect(viewsOf(bomb)).toHaveLength(1);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  const large = gzipSync(Buffer.alloc(60_000, 97)).toString("base64").replace(/=+$/, "");
  const inflated = viewsOf(`${large} `.repeat(600)).reduce((length, { text }) => length + text.length, 0);
  expect(inflated).toBeLessThan(400_000);
});

test("a growing text is open from where an encoding begins that may go on", () => {
  expect(openRun("so YWxpY2VAZXhh")).toBe(3);
  expect(openRun(`so ${base64("x".repeat(48))}\n`)).toBe(3);
  expect(openRun("so YWxpY2VAZXhh.")).toBe("so YWxpY2VAZXhh.".length);
  expect(openRun("so internationalization")).toBe("so internationalization".length);
  expect(openEscapes("no escape here")).toBeNull();
  expect(openEscapes("alice%4")?.text).toBe("alice");
  expect(openEscapes("five %EF%BC%")?.text).toBe("five ");
  expect(openEscapes("five %EF%BC%95")?.text).toBe("five \uff15");
  expect(openEscapes("alice%40exa%6")?.text).toBe("alice@exa");
  expect(openEscapes(`%40${" x,".repeat(70)}`)).toBeNull();
});
