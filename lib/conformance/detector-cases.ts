import assert from "node:assert/strict";
import type { Detector, Finding } from "../ports/detector";
import { assertSame } from "./assert-same";
import type { Case } from "./case";
import { STREAM_CLAIMS } from "./detector-stream-cases";

/** What the author of a detector knows of it. */
export interface DetectorSamples {
  /** Texts with one finding each; at least one for every entity. UTF-16 offsets, end exclusive. */
  readonly found: readonly {
    readonly text: string;
    readonly entity: string;
    readonly start: number;
    readonly end: number;
  }[];
  /** Texts that look alike and are none; at least one. */
  readonly clean: readonly string[];
}

const FIELDS: ReadonlySet<string> = new Set(["entity", "rule", "start", "end", "score", "context"]);
const DEADLINE_MS = 10_000;
const HOSTILE_LENGTH = 100_000;
const HOSTILE = ["a", "1 ", "@", "a.a@", "-----BEGIN ", "\n", "\u0000", "é", "\ud83d", "token_", "\\u0041"];

/** What every detector must do. `factory` makes a new detector; `samples` say what it finds. */
export function detectorCases(factory: () => Detector, samples: DetectorSamples): readonly Case[] {
  return [...CLAIMS, ...STREAM_CLAIMS].map(({ name, holds }) => ({ name, run: async () => holds(factory(), samples) }));
}

interface Claim {
  readonly name: string;
  holds(detector: Detector, samples: DetectorSamples): Promise<void>;
}

function claim(name: string, holds: Claim["holds"]): Claim {
  return { name, holds };
}

const CLAIMS: readonly Claim[] = [
  claim("has a name and names each entity once", async (detector) => {
    assert.ok(detector.name.length > 0, "it has no name");
    assert.ok(detector.entities.length > 0, "it names no entity");
    assert.equal(new Set(detector.entities).size, detector.entities.length, "it names an entity twice");
    for (const secret of detector.secrets ?? [])
      assert.ok(detector.entities.includes(secret), "a secret is no entity of it");
  }),
  claim("has a sample for every entity, and a near miss", async (detector, samples) => {
    const sampled = new Set(samples.found.map((sample) => sample.entity));
    for (const entity of detector.entities) assert.ok(sampled.has(entity), `no sample of ${entity}`);
    assert.ok(samples.clean.length > 0, "no near miss");
  }),
  claim("finds every sample where it is", async (detector, samples) => {
    for (const { text, entity, start, end } of samples.found) {
      assertSame(places(await detect(detector, text)), [{ entity, start, end }]);
    }
  }),
  claim("finds nothing in near misses and in the empty text", async (detector, samples) => {
    for (const text of ["", ...samples.clean]) assertSame(await detect(detector, text), []);
  }),
  claim(
    "reports its own entities, inside the text, with a score from 0 to 1 and nothing else",
    async (detector, samples) => {
      for (const { text } of samples.found) checkForm(detector, await detect(detector, text), text.length);
    },
  ),
  claim("gives the same findings again, whatever it read before", async (detector, samples) => {
    const texts = [...samples.found.map((sample) => sample.text), ...samples.clean];
    const first = await detectAll(detector, texts);
    assertSame(await detectAll(detector, texts.toReversed()), first.toReversed());
  }),
  claim("keeps texts apart that are read at the same time", async (detector, samples) => {
    const texts = samples.found.map((sample) => sample.text);
    const apart = await detectAll(detector, texts);
    assertSame(await Promise.all(texts.map((text) => detect(detector, text))), apart);
  }),
  claim("finds a sample wherever it stands in a longer text", async (detector, samples) => {
    for (const { text, entity, start, end } of samples.found) {
      const before = "Nothing of note is said here.\n\n".repeat(40);
      const findings = await detect(detector, `${before}${text}\n\nNor here.`);
      assertSame(places(findings), [{ entity, start: before.length + start, end: before.length + end }]);
    }
  }),
  claim("comes to an end on hostile texts", async (detector) => {
    for (const piece of HOSTILE) {
      const text = piece.repeat(Math.ceil(HOSTILE_LENGTH / piece.length));
      const startedAt = performance.now();
      checkForm(detector, await detect(detector, text), text.length);
      assert.ok(performance.now() - startedAt < DEADLINE_MS, "it takes too long");
    }
  }),
  claim("settles when its time is up", async (detector, samples) => {
    const { text = "" } = samples.found[0] ?? {};
    const settled = Promise.resolve(detector.detect(text, AbortSignal.abort())).then(
      () => true,
      () => true,
    );
    assert.ok(await Promise.race([settled, after(DEADLINE_MS / 10)]), "it goes on for ever");
  }),
];

async function detect(detector: Detector, text: string): Promise<readonly Finding[]> {
  return await detector.detect(text, new AbortController().signal);
}

async function detectAll(detector: Detector, texts: readonly string[]): Promise<(readonly Finding[])[]> {
  const found: (readonly Finding[])[] = [];
  for (const text of texts) found.push(await detect(detector, text));
  return found;
}

function places(findings: readonly Finding[]): Pick<Finding, "entity" | "start" | "end">[] {
  return findings.map(({ entity, start, end }) => ({ entity, start, end }));
}

function checkForm(detector: Detector, findings: readonly Finding[], length: number): void {
  for (const finding of findings) {
    assert.ok(detector.entities.includes(finding.entity), "it reports an entity that it does not name");
    assert.ok(typeof finding.rule === "string" && finding.rule !== "", "it does not name the rule");
    assert.ok(Number.isInteger(finding.start) && Number.isInteger(finding.end), "an offset is no whole number");
    assert.ok(
      finding.start >= 0 && finding.start < finding.end && finding.end <= length,
      "a finding is outside the text",
    );
    assert.ok(finding.score >= 0 && finding.score <= 1, "a score is not between 0 and 1");
    assert.ok(["boolean", "undefined"].includes(typeof finding.context), "the context is neither true nor false");
    assert.ok(
      Object.keys(finding).every((field) => FIELDS.has(field)),
      "a finding carries more than a finding does",
    );
  }
}

/** False after so many milliseconds; keeps no process alive. */
function after(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms).unref());
}
