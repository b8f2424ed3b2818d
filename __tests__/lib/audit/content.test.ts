import { createSecretKey, randomBytes } from "node:crypto";
import fc from "fast-check";
import { dataKey, newDataKey, rewrapped } from "../../../lib/audit/content/data-key";
import { packTexts, unpackTexts, type KeptText } from "../../../lib/audit/content/kept-texts";
import { masterKeys } from "../../../lib/audit/content/master-keys";
import { openContent, sealContent, type ContentPlace } from "../../../lib/audit/content/sealed-content";
import { capEvent } from "../../../lib/audit/cap-event";
import { auditEvent } from "../../../lib/audit/record";

const random = (size: number): Uint8Array => randomBytes(size);
const KEY = createSecretKey(randomBytes(32));
const PLACE: ContentPlace = { organization: "acme", user: "alice@acme.test", requestId: "r-1", direction: "request" };
const TEXTS: readonly KeptText[] = [{ role: "user", text: "good morning" }];
const sealed = sealContent({ id: "key-1", key: KEY }, PLACE, TEXTS, { limit: 1_000, random });

describe("sealed text", () => {
  it("opens with its key in its place", () => {
    expect(openContent(KEY, PLACE, sealed)).toEqual({ texts: TEXTS, omitted: 0 });
  });

  it.each<[string, Partial<ContentPlace>]>([
    ["organisation", { organization: "other" }],
    ["user", { user: "bob@acme.test" }],
    ["call", { requestId: "r-2" }],
    ["direction", { direction: "response" }],
  ])("does not open for another %s", (_what, other) => {
    expect(openContent(KEY, { ...PLACE, ...other }, sealed)).toBeNull();
  });

  it("does not open with another key, under another key's name, or after any change", () => {
    expect(openContent(createSecretKey(randomBytes(32)), PLACE, sealed)).toBeNull();
    expect(openContent(KEY, PLACE, { ...sealed, key: "key-2" })).toBeNull();
    const bytes = Buffer.from(sealed.sealed, "base64");
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(openContent(KEY, PLACE, { ...sealed, sealed: changed.toString("base64") })).toBeNull();
    }
    for (const broken of ["", "AAAA", bytes.subarray(0, 10).toString("base64")])
      expect(openContent(KEY, PLACE, { ...sealed, sealed: broken })).toBeNull();
  });

  it("never has the same bytes twice", () => {
    const again = sealContent({ id: "key-1", key: KEY }, PLACE, TEXTS, { limit: 1_000, random });
    expect([again.nonce, again.sealed]).not.toEqual([sealed.nonce, sealed.sealed]);
  });

  it("goes through the record's limits whole, at the most that may be kept", () => {
    const long = [{ role: "user", text: "ä".repeat(1_048_576) }];
    const content = sealContent({ id: "key-1", key: KEY }, PLACE, long, { limit: 1_048_576, random });
    const capped = capEvent(auditEvent("intent", 0, { content })).content;
    expect(capped).toEqual(content);
  });
});

describe("texts that are kept", () => {
  const arbitraryText = fc.record({
    role: fc.constantFrom("system", "user", "definition"),
    text: fc.string({ unit: "binary", maxLength: 300 }),
  });

  it("never take more room than there is, and say when something is missing", () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryText, { maxLength: 20 }),
        fc.integer({ min: 1, max: 2_000 }),
        fc.constantFrom("latest" as const, "first" as const),
        (texts, limit, importance) => {
          const { bytes, cut } = packTexts(texts, limit, importance);
          const kept = unpackTexts(bytes);
          expect(bytes.length).toBeLessThanOrEqual(limit + 40);
          const whole = kept?.omitted === 0 && kept.texts.every(({ length }) => length === undefined);
          expect(cut).toBe(!whole);
          if (!cut) expect(kept?.texts).toEqual(texts);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("are the latest of a prompt, definitions of tools last; of an answer the first", () => {
    const texts = ["a", "b", "c"].map((text) => ({ role: "user", text: text.repeat(100) }));
    const tool = { role: "definition", text: "t".repeat(100) };
    const rolesAndStarts = (bytes: Uint8Array) => unpackTexts(bytes)?.texts.map(({ text }) => text[0]);
    expect(rolesAndStarts(packTexts([...texts, tool], 270, "latest").bytes)).toEqual(["b", "c"]);
    expect(rolesAndStarts(packTexts(texts, 270, "first").bytes)).toEqual(["a", "b"]);
  });

  it("lose the secret of a key that somebody pasted, also where the room ends in it", () => {
    const secret = "Ab1".repeat(13);
    const text = `my key is llmg_0123456789${secret} ok`;
    for (let limit = 20; limit < 160; limit += 1) {
      const packed = Buffer.from(packTexts([{ role: "user", text }], limit, "latest").bytes).toString();
      expect(packed).not.toContain("Ab1");
    }
  });
});

describe("master keys", () => {
  const [one, other] = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")];

  it("wrap with the first, and open what any of them wrapped", () => {
    const old = newDataKey({ organization: "acme", user: "alice" }, masterKeys(one, "test").current, 5, random);
    const both = masterKeys(`${other}\n${one}\n`, "test");
    expect(dataKey(old, both)?.export()).toEqual(dataKey(old, masterKeys(one, "test"))?.export());
    expect(dataKey(old, masterKeys(other, "test"))).toBeNull();
    const next = { ...old, ...rewrapped(old, both, random) };
    expect(dataKey(next, masterKeys(other, "test"))?.export()).toEqual(dataKey(old, both)?.export());
  });

  it("open a data key for its own subject and id only, and none that was erased", () => {
    const masters = masterKeys(one, "test");
    const key = newDataKey({ organization: "acme", user: "alice" }, masters.current, 5, random);
    for (const change of [{ user: "bob" }, { organization: "other" }, { id: "another" }, { wrapped: null }])
      expect(dataKey({ ...key, ...change }, masters)).toBeNull();
  });

  it.each(["", "c2hvcnQ=", "not base64 at all!", `${one}x`])(
    "are refused when they are %j, without being quoted",
    (text) => {
      expect(() => masterKeys(text, "gate.key")).toThrow(
        expect.objectContaining({
          code: "content_key_invalid",
          message: expect.stringMatching(/^gate\.key does not hold/) as string,
        }),
      );
      if (text !== "") expect(() => masterKeys(text, "gate.key")).not.toThrow(text);
    },
  );
});
