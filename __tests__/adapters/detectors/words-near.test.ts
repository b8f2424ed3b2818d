import { wordsNear } from "../../../adapters/detectors/secrets/words-near";
import { COMMON_SERVICES, DISTINCT_SERVICES } from "../../../adapters/detectors/secrets/service-names";

const WORDS = ["key", "webhook"];
const SERVICES = [...DISTINCT_SERVICES, ...COMMON_SERVICES];
const before = wordsNear([WORDS, SERVICES]);
const REACH = 64;

test("no name is passed over, in whatever words and letters it is written", () => {
  const missed = SERVICES.filter((name) =>
    [name, name.toUpperCase(), [...name].join("-"), `é${name.slice(0, 2)} ${name.slice(2)}_x`].some(
      (written) => !before(`${written} `)(written.length + 1, REACH, 1),
    ),
  );
  expect(missed).toEqual([]);
});

test("a word counts as far as it is asked for, and in its own list", () => {
  const text = `webhook${" ".repeat(80)}9f3k key `;
  const near = before(text);
  expect(near(8, REACH, 0)).toBe(true);
  expect(near(8, REACH, 1)).toBe(false);
  expect(near(80, REACH, 0)).toBe(false);
  expect(near(text.length, REACH, 0)).toBe(true);
});

test("what begins before the reach, or is no word of the list, does not count", () => {
  expect(before(`key${" ".repeat(70)}`)(73, REACH, 0)).toBe(false);
  expect(before("q8W3zL0vB6nY2xJ7 ")(17, REACH, 0)).toBe(false);
});
