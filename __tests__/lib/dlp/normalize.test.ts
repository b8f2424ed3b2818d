import fc from "fast-check";
import { normalize } from "../../../lib/dlp/normalize";

test.each([
  ["full-width digits", "４１１１", "4111"],
  ["full-width at sign", "a＠b.co", "a@b.co"],
  ["mathematical digits", "\u{1d7d2}\u{1d7e3}", "41"],
  ["Arabic-Indic digits", "٤١", "41"],
  ["Bengali digits and those of old computers", "৪\u{1fbf1}", "41"],
  ["digits on keycaps", "4\ufe0f\u20e31\u20e3", "41"],
  ["mathematical, script and circled letters", "\u{1d41a}ℊⓑ", "agb"],
  ["non-breaking and thin spaces", "4\u00a0\u20091", "4  1"],
  ["dashes", "4–1—1−1", "4-1-1-1"],
  ["zero-width characters", "4\u200b1\u200d1\ufeff1", "4111"],
  ["soft hyphens", "exam\u00adple", "example"],
  ["direction marks", "\u202e41\u202c", "41"],
  ["tag characters", "4\u{e0061}1", "41"],
  ["nothing unusual", "4111 é 漢字 😀", "4111 é 漢字 😀"],
])("%s are read as what they stand for", (_, source, expected) => {
  expect(normalize(source).text).toBe(expected);
});

test("a text without look-alikes is the very same string", () => {
  const source = "plain text, quoted ‘so’ with an emoji 😀";
  expect(normalize(source).text).toBe(source);
});

test("offsets lead back to what a character was made of", () => {
  const unit = fc.constantFrom(
    "a",
    "4",
    "４",
    "\u200b",
    "\u00ad",
    "\u{1d7d2}",
    "–",
    "😀",
    "\ud83d",
    "\u{e0061}",
    "\u0000",
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
      const source = units.join("");
      const { text, toSource } = normalize(source);
      expect(toSource(0) === 0 || normalize(source.slice(0, toSource(0))).text === "").toBe(true);
      expect(toSource(text.length)).toBe(source.length);
      for (let at = 0; at < text.length; at++) {
        expect(normalize(source.slice(toSource(at), toSource(at + 1))).text).toBe(text.charAt(at));
      }
    }),
  );
});
