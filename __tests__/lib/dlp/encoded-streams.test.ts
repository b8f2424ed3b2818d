import type { HeldText } from "../../../lib/dlp/stream/channel";
import { CARD, engineOf, living, policyOf, spanOf } from "../../support/dlp";

const engine = engineOf();
const policy = engine.policyFor("response", [
  policyOf({ response: { CREDIT_CARD: "redact", EMAIL_ADDRESS: "redact" } }),
]);
const bytes = (text: string, encoding: BufferEncoding): string => Buffer.from(text).toString(encoding);

const SECRETS = [`card ${CARD} it is`, "to alice@example.com, soon"];
const ENCODINGS: readonly (readonly [string, (text: string) => string])[] = [
  ["base64", (text) => bytes(text, "base64")],
  ["base64url", (text) => bytes(text, "base64url")],
  ["base64 in lines", (text) => bytes(text.repeat(4), "base64").replace(/.{64}/g, "$&\n")],
  ["base64 in lines of 20", (text) => bytes(text.repeat(2), "base64").replace(/.{20}/g, "$&\n")],
  ["hexadecimal digits in lines of 25", (text) => bytes(text, "hex").replace(/.{25}/g, "$&\n  ")],
  ["hexadecimal digits", (text) => bytes(text, "hex")],
  ["percent-escapes", encodeURIComponent],
  ["percent-escapes of full-width digits", (text) => encodeURIComponent(text.replace(/1/g, "\uff11"))],
  ["percent-escapes, twice", (text) => encodeURIComponent(encodeURIComponent(text))],
  ["character references", (text) => text.replace(/\W/g, (one) => `&#${one.charCodeAt(0)};`)],
  ["superscript digits", (text) => text.replace(/\d/g, (one) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(one)))],
  ["a filler behind every character", (text) => [...text].join("\u3164")],
  ["much base64 behind an escape", (text) => `\\n${bytes(text.repeat(5), "base64")}'`],
  ["much base64 with an escape behind it", (text) => `${bytes(text.repeat(5), "base64url")}\\/Lw`],
  ["base64 of base64", (text) => bytes(bytes(text, "base64"), "base64")],
];

async function whole(text: string): Promise<string> {
  const { edits } = await engine.inspect([spanOf(text)], [], policy, living());
  return edits[0]?.text ?? text;
}

async function streamed(deltas: readonly string[]): Promise<string> {
  const stream = engine.openStream(policy, living());
  const held: HeldText[] = [];
  for (const text of deltas) {
    held.push(stream.add(spanOf(text, { channel: "c" })));
    await stream.settle([]);
  }
  await stream.settle(["c"]);
  return held.map(({ text }) => text ?? "").join("");
}

describe.each(ENCODINGS)("%s", (_name, encode) => {
  test.each(SECRETS)("of %j is delivered as one inspection gives it, wherever it is cut", async (secret) => {
    const text = `He said: ${encode(secret)} and no more.`;
    const expected = await whole(text);
    expect(expected).toMatch(/\[(?:CREDIT_CARD|EMAIL_ADDRESS)\]/);
    for (let cut = 1; cut < text.length; cut += 1)
      expect([cut, await streamed([text.slice(0, cut), text.slice(cut)])]).toEqual([cut, expected]);
    expect(await streamed([...text])).toBe(expected);
  });
});
