import type { Detector } from "../../ports/detector";
import { openRun } from "../decode/encoded-runs";
import { openEscapes } from "../decode/escapes";
import { openSecondReading } from "../decode/second-reading";
import type { EffectivePolicy } from "../engine";
import { normalize } from "../normalize";
import type { Tokens } from "../tokens";
import { DECODED_LAYERS } from "../views";

/** Where the part of a text begins that more text may still change; the text's length when it is all settled. */
export type OpenTail = (text: string) => number;

const ENDS_IN_HALF_PAIR = /[\ud800-\udbff]$/;

/** For what the policy's detectors and rules could find, and for tokens to be put back. */
export function createOpenTail(
  policy: EffectivePolicy,
  detectors: readonly Detector[],
  tokens: Tokens | null,
): OpenTail {
  const relevant = detectors.filter(({ entities }) => entities.some((entity) => policy.actions.has(entity)));
  const rules = [...policy.custom.map(({ detector }) => detector), ...allowedPhrases(policy)];
  const bounded = [...relevant, ...rules].every(({ maxLength }) => maxLength !== undefined);
  return (text) => {
    if (!bounded) return 0;
    const whole = withoutHalfPair(text);
    const seen = openIn(whole, [...relevant, ...rules], DECODED_LAYERS);
    // Operators' rules are tried on the text as written, too.
    return Math.min(seen, earliest(rules, whole), tokens?.openAt(whole) ?? whole.length);
  };
}

function withoutHalfPair(text: string): string {
  return ENDS_IN_HALF_PAIR.test(text) ? text.slice(0, -1) : text;
}

/** In the text, and in what its end stands for where that is encoded. */
function openIn(source: string, detectors: readonly Detector[], layers: number): number {
  const { text, toSource } = normalize(source);
  const open = earliest(detectors, text);
  if (layers === 0 || detectors.length === 0) return toSource(open);
  const decoded = [openEscapes(text), openSecondReading(text)].map(
    (view) => view?.toSource(openIn(withoutHalfPair(view.text), detectors, layers - 1)) ?? text.length,
  );
  return toSource(Math.min(open, openRun(text), ...decoded));
}

/** What excuses a finding has to be waited for, like the finding. */
function allowedPhrases({ demands, custom }: EffectivePolicy): readonly Detector[] {
  const all = [...demands.values(), ...custom.map((rule) => rule.demands)].flat();
  return [...new Set(all.flatMap(({ allow }) => allow?.phrases ?? []))];
}

function earliest(detectors: readonly Detector[], text: string): number {
  return detectors.reduce((open, detector) => Math.min(open, openAt(detector, text)), text.length);
}

/** What began too long ago is no match any more. */
function openAt(detector: Detector, text: string): number {
  const floor = text.length - (detector.maxLength ?? text.length);
  return Math.max(0, floor, detector.openAt?.(text) ?? 0);
}
