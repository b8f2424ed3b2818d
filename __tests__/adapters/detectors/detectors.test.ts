import { builtInDetectors } from "../../../adapters/detectors/built-in";
import { detectorCases } from "../../../lib/conformance";
import { NEAR_MISSES, SAMPLES } from "../../support/detector-samples";

const ELSEWHERE = ["email-address", "credit-card", "private-key"];
const detectors = builtInDetectors();

describe.each(Object.keys(SAMPLES))("the detector %s", (name) => {
  const found = (SAMPLES[name] ?? []).map(({ entity, before, value }) => ({
    text: `${before}${value}`,
    entity,
    start: before.length,
    end: before.length + value.length,
  }));
  const factory = () => {
    const detector = builtInDetectors().find((one) => one.name === name);
    if (detector === undefined) throw new Error(`no detector ${name}`);
    return detector;
  };
  for (const { name: claim, run } of detectorCases(factory, { found, clean: NEAR_MISSES[name] ?? [] }))
    test(claim, run);
});

test("every built-in detector has samples", () => {
  expect(detectors.map(({ name }) => name).sort()).toEqual([...ELSEWHERE, ...Object.keys(SAMPLES)].sort());
});

test("every detector says how far its matches reach, so that streams are not held whole", () => {
  expect(detectors.filter(({ maxLength }) => maxLength === undefined)).toEqual([]);
});

test("credentials are marked as such", () => {
  const secrets = detectors.flatMap((detector) => detector.secrets ?? []);
  expect([...new Set(secrets)].sort()).toEqual([
    "API_KEY",
    "CONNECTION_STRING",
    "GENERIC_SECRET",
    "JWT",
    "PRIVATE_KEY",
    "URL_CREDENTIALS",
  ]);
});

const LENGTH = 40_000;
const HOSTILE = [
  ..."a 1 . - / : = @ _ | \" ; + ( %".split(" "),
  ..."aA1 a. 1. 1- 11- 111- (1 +1 00 12/ 1:1: :: http:// ://a:b password=a; Password=a; key=a1 pat sk- eyJ eyJa. token_ curl ghp_a 0x 1B bc1 DE89 born1 www. a.com A1B2 AB12 9A X1".split(" "),
  "1 ", "12 ", "123 ", "AB 12 ", "born 1 ", "a b:c@", "curl -u a", "DE89 ", "token = a1B2c3D4e5F6 ", "Server=a;Password=b1;", "abuseipdb_key=a1b2c3d4e5f6a7b8 ",
]; // prettier-ignore

/** Generous: what counts is that no text takes minutes, on a busy machine as well; the bench measures megabytes. */
test.each(detectors.map((detector) => [detector.name, detector] as const))(
  "%s reads anything in little time",
  async (_, { detect }) => {
    for (const piece of HOSTILE) {
      const text = piece.repeat(Math.ceil(LENGTH / piece.length));
      const startedAt = performance.now();
      await detect(text, new AbortController().signal);
      expect([piece, performance.now() - startedAt < 5_000]).toEqual([piece, true]);
    }
  },
  120_000,
);
