import { detectorCases, type DetectorSamples } from "../../../lib/conformance";
import type { Detector, Finding } from "../../../lib/ports/detector";

const samples: DetectorSamples = {
  found: [
    { text: "a FOO here", entity: "FOO", start: 2, end: 5 },
    { text: "BAR", entity: "BAR", start: 0, end: 3 },
  ],
  clean: ["foo", "bar"],
};

function findings(text: string): Finding[] {
  return Array.from(text.matchAll(/FOO|BAR/g), ({ 0: entity, index }) => ({
    ...{ entity, rule: entity, score: 1 },
    ...{ start: index, end: index + 3 },
  }));
}

const SOUND: Detector = { name: "sound", entities: ["FOO", "BAR"], secrets: ["FOO"], detect: findings };

/** Sound in streams, too: a match is open until it is whole. */
const STREAMED: Detector = {
  ...SOUND,
  maxLength: 3,
  openAt: (text) => /(?:F|FO|B|BA)$/.exec(text)?.index ?? text.length,
};

type Broken = () => { readonly detector: Detector; readonly samples?: DetectorSamples };

/** One detector for each case, broken so that the case must find it. */
const FAULTS: Readonly<Record<string, readonly Broken[]>> = {
  "has a name and names each entity once": [
    () => ({ detector: { ...SOUND, name: "" } }),
    () => ({ detector: { ...SOUND, entities: [] } }),
    () => ({ detector: { ...SOUND, entities: ["FOO", "BAR", "FOO"] } }),
    () => ({ detector: { ...SOUND, secrets: ["OTHER"] } }),
  ],
  "has a sample for every entity, and a near miss": [
    () => ({ detector: { ...SOUND, entities: ["FOO", "BAR", "BAZ"] } }),
    () => ({ detector: SOUND, samples: { ...samples, clean: [] } }),
  ],
  "finds every sample where it is": [
    () => ({ detector: { ...SOUND, detect: () => [] } }),
    () => ({ detector: { ...SOUND, detect: (text) => findings(text).map((one) => ({ ...one, end: one.end + 1 })) } }),
    () => ({ detector: { ...SOUND, detect: (text) => findings(text).map((one) => ({ ...one, entity: "FOO" })) } }),
  ],
  "finds nothing in near misses and in the empty text": [
    () => ({ detector: { ...SOUND, detect: (text) => findings(text.toUpperCase()) } }),
    () => ({
      detector: { ...SOUND, detect: (text) => (text === "" ? [finding({ start: 0, end: 1 })] : findings(text)) },
    }),
  ],
  "reports its own entities, inside the text, with a score from 0 to 1 and nothing else": [
    withExtra({ score: 2 }),
    withExtra({ score: Number.NaN }),
    withExtra({ rule: "" }),
    withExtra({ entity: "OTHER" }),
    withExtra({ end: 1_000 }),
    withExtra({ start: 0.5 }),
    withExtra({ text: "FOO" }),
  ],
  "gives the same findings again, whatever it read before": [
    () => {
      const seen = new Set<string>();
      return {
        detector: {
          ...SOUND,
          detect: (text) => {
            if (seen.has(text)) return [];
            seen.add(text);
            return findings(text);
          },
        },
      };
    },
  ],
  "keeps texts apart that are read at the same time": [
    () => {
      let current = "";
      return {
        detector: {
          ...SOUND,
          detect: async (text) => {
            current = text;
            await new Promise(setImmediate);
            return findings(current);
          },
        },
      };
    },
  ],
  "finds a sample wherever it stands in a longer text": [
    () => ({ detector: { ...SOUND, detect: (text) => findings(text.slice(0, 100)) } }),
  ],
  "comes to an end on hostile texts": [
    () => ({
      detector: {
        ...SOUND,
        detect: (text) => {
          if (text.length > 50_000) throw new RangeError("too long");
          return findings(text);
        },
      },
    }),
  ],
  "settles when its time is up": [
    () => ({
      detector: {
        ...SOUND,
        detect: (text, signal) => (signal.aborted ? new Promise(() => undefined) : findings(text)),
      },
    }),
  ],
  "finds nothing longer than it declares, whatever stands more than 512 units before": [
    () => ({ detector: { ...SOUND, maxLength: 2 } }),
    () => ({ detector: { ...SOUND, maxLength: 0.5 } }),
    () => ({ detector: { ...SOUND, openAt: (text) => text.length } }),
    () => ({ detector: { ...STREAMED, detect: (text) => (text.length > 1_000 ? findings(text) : []) } }),
  ],
  "lets go of no part of a growing text that more text makes a finding, changes or undoes": [
    () => ({ detector: { ...STREAMED, openAt: (text) => text.length } }),
    () => ({ detector: { ...STREAMED, openAt: (text) => text.length + 1 } }),
    () => ({ detector: { ...STREAMED, openAt: () => -1 } }),
    () => ({ detector: { ...STREAMED, openAt: () => Number.NaN } }),
    () => ({ detector: { ...STREAMED, detect: (text) => (text.endsWith(".") ? [] : findings(text)) } }),
    () => ({ detector: { ...STREAMED, detect: (text) => (text.endsWith(".") ? findings(text) : []) } }),
  ],
};

function finding(parts: object): Finding {
  return { entity: "FOO", rule: "FOO", start: 0, end: 3, score: 1, ...parts };
}

function withExtra(parts: object): Broken {
  return () => ({ detector: { ...SOUND, detect: (text) => findings(text).map((one) => ({ ...one, ...parts })) } });
}

const CASES = detectorCases(() => SOUND, samples);

test("every case has a detector that fails it", () => {
  expect(Object.keys(FAULTS)).toEqual(CASES.map(({ name }) => name));
});

describe.each(CASES)("$name", ({ name, run }) => {
  test("holds of a sound detector", run);

  test("holds of one that keeps its word in streams", async () => {
    await detectorCases(() => STREAMED, samples)
      .find((one) => one.name === name)
      ?.run();
  });

  test.each((FAULTS[name] ?? []).map((broken, index) => [index + 1, broken] as const))(
    "does not hold of broken detector %i",
    async (_, broken) => {
      const { detector, samples: given = samples } = broken();
      const own = detectorCases(() => detector, given).find((candidate) => candidate.name === name);
      await expect(own?.run()).rejects.toThrow();
    },
  );
});
