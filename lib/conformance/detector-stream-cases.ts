import assert from "node:assert/strict";
import type { Detector, Finding } from "../ports/detector";
import { assertSame } from "./assert-same";
import type { DetectorSamples } from "./detector-cases";

/** What a detector promises to streams by `maxLength` and `openAt`. One without `maxLength` promises nothing, and is waited for. */
interface StreamClaim {
  readonly name: string;
  holds(detector: Detector, samples: DetectorSamples): Promise<void>;
}

const CONTEXT = 512;
const FILLER = "Nothing of note is said here.\n\n".repeat(60);

export const STREAM_CLAIMS: readonly StreamClaim[] = [
  {
    name: "finds nothing longer than it declares, whatever stands more than 512 units before",
    async holds(detector, samples) {
      const { maxLength } = detector;
      if (maxLength === undefined) return assert.equal(detector.openAt, undefined, "openAt counts only with maxLength");
      assert.ok(Number.isInteger(maxLength) && maxLength > 0, "maxLength is no whole number");
      for (const { text, start } of samples.found) {
        const findings = await detect(detector, FILLER + text);
        assert.ok(
          findings.every((finding) => finding.end - finding.start <= maxLength),
          "a finding is longer than it declares",
        );
        const cut = Math.max(0, FILLER.length + start - CONTEXT);
        assertSame(await detect(detector, (FILLER + text).slice(cut)), moved(findings, -cut));
      }
    },
  },
  {
    name: "lets go of no part of a growing text that more text makes a finding, changes or undoes",
    async holds(detector, samples) {
      if (detector.maxLength === undefined) return;
      const texts = [...samples.found.map(({ text }) => text), ...samples.clean];
      for (const text of texts) await holdsBack(detector, `So: ${text}, and on.`);
    },
  },
];

/** At every length of the text: what is settled there stays as it is to the end. */
async function holdsBack(detector: Detector, text: string): Promise<void> {
  const whole = await detect(detector, text);
  for (let length = 0; length <= text.length; length += 1) {
    const begun = text.slice(0, length);
    const open = openAt(detector, begun);
    const settled = ({ start }: Finding): boolean => start < open;
    assertSame((await detect(detector, begun)).filter(settled), whole.filter(settled));
  }
}

function openAt({ maxLength = 0, openAt: open }: Detector, text: string): number {
  const at = open?.(text) ?? 0;
  assert.ok(Number.isInteger(at) && at >= 0 && at <= text.length, "it is open at no place of the text");
  return Math.max(at, text.length - maxLength);
}

function moved(findings: readonly Finding[], by: number): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, start: finding.start + by, end: finding.end + by }));
}

async function detect(detector: Detector, text: string): Promise<readonly Finding[]> {
  return await detector.detect(text, new AbortController().signal);
}
