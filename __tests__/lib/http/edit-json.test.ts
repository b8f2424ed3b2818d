import fc from "fast-check";
import { editJson } from "../../../lib/http/edit-json";
import type { JsonPath, JsonValue } from "../../../lib/json";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function text(edited: Uint8Array): string {
  return new TextDecoder().decode(edited);
}

describe("editJson", () => {
  it("returns the very same bytes when nothing is to be done", () => {
    const input = bytes('{"a":1}');
    expect(editJson({ bytes: input }, {})).toBe(input);
    expect(editJson({ bytes: input }, { replace: [], remove: [] })).toBe(input);
    expect(editJson({ bytes: input }, { remove: ["b"] })).toBe(input);
    expect(editJson({ bytes: input, value: { a: 1 } }, { remove: ["b", "toString"] })).toBe(input);
    expect(editJson({ bytes: bytes("[1]"), value: [1] }, { remove: ["0"] })).toEqual(bytes("[1]"));
  });

  it.each([
    ['{"a":1,"b":2,"c":3}', ["a"], '{"b":2,"c":3}'],
    ['{"a":1,"b":2,"c":3}', ["b"], '{"a":1,"c":3}'],
    ['{"a":1,"b":2,"c":3}', ["c"], '{"a":1,"b":2}'],
    ['{"a":1,"b":2,"c":3}', ["a", "b"], '{"c":3}'],
    ['{"a":1,"b":2,"c":3}', ["b", "c"], '{"a":1}'],
    ['{"a":1,"b":2,"c":3}', ["a", "c"], '{"b":2}'],
    ['{"a":1,"b":2,"c":3}', ["c", "a", "b"], "{}"],
    ['{ "a" : 1 , "b" : 2 }', ["a"], '{ "b" : 2 }'],
    ['{ "a" : 1 , "b" : 2 }', ["b"], '{ "a" : 1 }'],
    ['{ "a" : 1 }', ["a"], "{  }"],
    ['{"\\u0061":1,"b":2}', ["a"], '{"b":2}'],
    ['{"a":{"a":[1,"}"]},"b":{"a":2}}', ["a"], '{"b":{"a":2}}'],
    ['{"a":1,"a":2,"b":3}', ["a"], '{"b":3}'],
    ['[{"a":1}]', ["a"], '[{"a":1}]'],
    ['"a"', ["a"], '"a"'],
  ])("cuts from %s the members %j", (input, remove, expected) => {
    expect(text(editJson({ bytes: bytes(input) }, { remove }))).toBe(expected);
  });

  it.each<[string, JsonPath, string]>([
    ['{"a":"x","b":"x"}', ["b"], '{"a":"x","b":"NEW"}'],
    ['{"a":["x",{"b":"x"},"x"]}', ["a", 1, "b"], '{"a":["x",{"b":"NEW"},"x"]}'],
    ['["x","x"]', [1], '["x","NEW"]'],
    [' "x" ', [], ' "NEW" '],
    ['{"0":"x"}', ["0"], '{"0":"NEW"}'],
    ['{"\\u0061":"\\"x\\\\"}', ["a"], '{"\\u0061":"NEW"}'],
    ['{"n":1.0e0,"a":"é"}', ["a"], '{"n":1.0e0,"a":"NEW"}'],
    ['{"__proto__":{"a":"x"}}', ["__proto__", "a"], '{"__proto__":{"a":"NEW"}}'],
    ['{"a":"first","a":"second"}', ["a"], '{"a":"NEW","a":"NEW"}'],
  ])("replaces in %s the string at %j", (input, path, expected) => {
    expect(text(editJson({ bytes: bytes(input) }, { replace: [{ path, text: "NEW" }] }))).toBe(expected);
  });

  it.each<[string, JsonPath, string]>([
    ['{"a": {"b" : 1} ,"c":2}', ["a"], '{"a": [1.0] ,"c":2}'],
    ["[1,2]", [1], "[1,[1.0]]"],
    ['{"a":"x"}', ["a"], '{"a":[1.0]}'],
  ])("puts JSON in place of any value: in %s at %j", (input, path, expected) => {
    const replace = [{ path, text: "[1.0]", structured: true }];
    expect(text(editJson({ bytes: bytes(input) }, { replace }))).toBe(expected);
  });

  it.each(['"quoted"\\', "line\nbreak\u0000", "", "é\u{1f600}", "\ud800", "</script>"])(
    "escapes %j for JSON",
    (value) => {
      const edited = editJson({ bytes: bytes('{"a":"x"}') }, { replace: [{ path: ["a"], text: value }] });
      expect(JSON.parse(text(edited))).toEqual({ a: value });
    },
  );

  it("replaces and cuts together, and does not look into what is cut", () => {
    const edits = {
      replace: [
        { path: ["gone", "deep"], text: "never" },
        { path: ["kept", 0], text: "new" },
      ],
      remove: ["gone", "absent"],
    };
    const edited = editJson({ bytes: bytes('{"gone":{"deep":"x"}, "kept":["x"] ,"last":"x"}') }, edits);
    expect(text(edited)).toBe('{"kept":["new"] ,"last":"x"}');
  });

  it.each<[string, JsonPath]>([
    ['{"a":"x"}', ["b"]],
    ['{"a":1}', ["a"]],
    ['{"a":["x"]}', ["a"]],
    ['{"a":["x"]}', ["a", "0"]],
    ['{"0":"x"}', [0]],
    ['{"a":["x"]}', ["a", 1]],
    ["1", []],
  ])("refuses to pass for done what it cannot do: %s at %j", (input, path) => {
    expect(() => editJson({ bytes: bytes(input) }, { replace: [{ path, text: "" }] })).toThrow(
      /does not lead to a value/,
    );
  });

  it("takes one edit twice, and refuses two different ones of one string", () => {
    const twice = (other: string): Uint8Array =>
      editJson({ bytes: bytes('["x"]') }, { replace: ["new", other].map((value) => ({ path: [0], text: value })) });
    expect(text(twice("new"))).toBe('["new"]');
    expect(() => twice("other")).toThrow("Two different edits");
  });

  it("edits a document as deep as JSON.parse reads it", () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    const edited = editJson({ bytes: bytes(`{"a":${deep},"b":"x"}`) }, { replace: [{ path: ["b"], text: "new" }] });
    expect(text(edited)).toBe(`{"a":${deep},"b":"new"}`);
  });
});

describe("editJson on any document", () => {
  interface Layout {
    readonly value: JsonValue;
    readonly blanks: readonly string[];
    readonly escaped: boolean;
  }

  const layout: fc.Arbitrary<Layout> = fc.record({
    value: fc.jsonValue({ maxDepth: 4 }),
    blanks: fc.array(fc.constantFrom("", " ", "\n", "\t ", ""), { minLength: 1, maxLength: 7 }),
    escaped: fc.boolean(),
  });

  /** Writes a document with blanks and escapes of its own; `instead` gives new texts, `without` leaves members out. */
  function write({ value, blanks, escaped }: Layout, instead: (path: JsonPath, own: string) => string): string {
    let count = 0;
    const blank = (): string => blanks[count++ % blanks.length] ?? "";
    const string = (own: string): string =>
      escaped
        ? `"${own.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`
        : JSON.stringify(own);
    function one(part: JsonValue | undefined, path: JsonPath): string {
      if (typeof part === "string") {
        const replaced = instead(path, part);
        return replaced === part ? string(part) : JSON.stringify(replaced);
      }
      if (Array.isArray(part)) {
        return `[${blank()}${part.map((item: JsonValue, index) => `${one(item, [...path, index])}${blank()}`).join(`,${blank()}`)}]`;
      }
      if (typeof part !== "object" || part === null) return JSON.stringify(part);
      const members = Object.entries(part).map(
        ([name, item]) => `${string(name)}${blank()}:${blank()}${one(item as JsonValue, [...path, name])}${blank()}`,
      );
      return `{${blank()}${members.join(`,${blank()}`)}}`;
    }
    return blank() + one(value, []) + blank();
  }

  function stringPaths(value: JsonValue, path: JsonPath = []): readonly JsonPath[] {
    if (typeof value === "string") return [path];
    if (typeof value !== "object" || value === null) return [];
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([step, item]) => stringPaths(item as JsonValue, [...path, step]));
  }

  it("changes the chosen strings and no other byte", () => {
    fc.assert(
      fc.property(layout, fc.infiniteStream(fc.boolean()), fc.string(), (document, chosen, added) => {
        const picks = stringPaths(document.value).filter(() => chosen.next().value);
        const keys = new Set(picks.map((path) => JSON.stringify(path)));
        const before = write(document, (_, own) => own);
        const after = write(document, (path, own) => (keys.has(JSON.stringify(path)) ? `${own}${added}!` : own));
        const replace = picks.map((path) => ({ path, text: `${at(document.value, path)}${added}!` }));
        expect(text(editJson({ bytes: bytes(before) }, { replace }))).toBe(after);
      }),
      { numRuns: 400 },
    );
  });

  it("cuts the chosen members and leaves the others as they were written", () => {
    const object = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 });
    fc.assert(
      fc.property(layout, object, fc.infiniteStream(fc.boolean()), (document, value, chosen) => {
        const remove = Object.keys(value).filter(() => chosen.next().value);
        const kept = Object.fromEntries(Object.entries(value).filter(([name]) => !remove.includes(name)));
        const before = write({ ...document, value: value }, (_, own) => own);
        const after = text(editJson({ bytes: bytes(before), value: value }, { remove }));
        expect(JSON.parse(after)).toEqual(JSON.parse(JSON.stringify(kept)));
        expect(isSubsequence(after, before)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  function at(value: JsonValue, path: JsonPath): JsonValue {
    return path.reduce<JsonValue>((part, step) => (part as Record<string | number, JsonValue>)[step] ?? null, value);
  }

  function isSubsequence(part: string, whole: string): boolean {
    let found = 0;
    for (const unit of whole.split("")) if (unit === part[found]) found += 1;
    return found === part.length;
  }
});
