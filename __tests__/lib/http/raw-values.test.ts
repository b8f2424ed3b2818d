import { rawValues } from "../../../lib/http/raw-values";
import type { JsonPath } from "../../../lib/json";

const read = (json: string, ...paths: JsonPath[]) => rawValues(Buffer.from(json), paths);

describe("rawValues", () => {
  it.each<[string, JsonPath, string | undefined]>([
    ['{"a": {"n": 12345678901234567890, "s": "\\u0041" } }', ["a"], '{"n": 12345678901234567890, "s": "\\u0041" }'],
    ['[{"a":1},{"a":[ 1.0 , "é" ]}]', [1, "a"], '[ 1.0 , "é" ]'],
    [' { "x" : true } ', [], '{ "x" : true }'],
    ['{"\\u0061":-0}', ["a"], "-0"],
    ['{"a":1,"a":2}', ["a"], "2"],
    ['{"0":"by name"}', [0], undefined],
    ['["x"]', ["0"], undefined],
    ['{"a":"x"}', ["a", "b"], undefined],
    ['{"__proto__":{"a":"x"}}', ["__proto__"], '{"a":"x"}'],
  ])("gives in %s what stands at %j", (json, path, expected) => {
    expect(read(json, path)).toEqual([expected]);
  });

  it("finds many in one pass, in the order in which they are asked for", () => {
    expect(read('{"a":[{"b":1},{"b":2}],"c":3}', ["c"], ["a", 1, "b"], ["x"], ["a", 0])).toEqual(["3", "2", undefined, '{"b":1}']); // prettier-ignore
    expect(read("{}")).toEqual([]);
  });
});
