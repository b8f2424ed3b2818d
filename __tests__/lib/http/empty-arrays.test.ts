import { emptyArrays } from "../../../lib/http/empty-arrays";
import type { JsonPath } from "../../../lib/json";

const emptied = (json: string, ...paths: JsonPath[]) => Buffer.from(emptyArrays(Buffer.from(json), paths)).toString();

test.each<[string, JsonPath[], string]>([
  ['{"a": [1, [2]], "b":[3]}', [["a"]], '{"a": [], "b":[3]}'],
  [
    '{"a":[{"b":[1]},{"b":[2]}]}',
    [
      ["a", 1, "b"],
      ["a", 0, "b"],
    ],
    '{"a":[{"b":[]},{"b":[]}]}',
  ],
  ['{"a":[[1]]}', [["a", 0], ["a"]], '{"a":[]}'],
  ['{"a":[1],"a":[2]}', [["a"]], '{"a":[],"a":[]}'],
  ['{"a":{"b":null},"c":"[1]"}', [["a", "b"], ["c"], ["d", "e"], ["a", 0]], '{"a":{"b":null},"c":"[1]"}'],
])("of %s at %j leaves %s", (json, paths, expected) => {
  expect(emptied(json, ...paths)).toBe(expected);
});

test("returns the very same bytes where there is nothing to empty", () => {
  const bytes = Buffer.from('{"a":1}');
  expect(emptyArrays(bytes, [])).toBe(bytes);
  expect(emptyArrays(bytes, [["a"]])).toBe(bytes);
});
