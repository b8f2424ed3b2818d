import { suggestion } from "../../adapters/policy/strict-object";
import { builtInDetectors } from "../../adapters/detectors/built-in";
import { compileCustomRule } from "../../adapters/detectors/custom-rules";
import type { CustomRule } from "../../lib/dlp/policy";
import type { ScanOptions } from "../../lib/dlp/scan-text";
import type { Detector } from "../../lib/ports/detector";
import { usageError } from "../command-error";
import { readPolicy } from "../policy/read-policy";

export interface SettingOptions {
  readonly policy?: string;
  readonly minScore?: string;
  readonly failOn?: readonly string[];
}

/** With what texts are scanned, whatever form they come in. */
export interface ScanSettings extends Required<Pick<ScanOptions, "minScore">> {
  readonly detectors: readonly Detector[];
  /** Entities and rules that must not be found. */
  readonly failOn: ReadonlySet<string>;
}

const USUAL_SCORE = "0.5";

/** Throws a usage error for what makes no sense. */
export function scanSettings({ policy, minScore = USUAL_SCORE, failOn = [] }: SettingOptions): ScanSettings {
  const detectors = [...builtInDetectors(), ...customDetectors(policy)];
  const known = detectors.flatMap(({ entities }) => entities);
  for (const entity of failOn) {
    if (known.includes(entity)) continue;
    throw usageError(`--fail-on ${JSON.stringify(entity)}: nothing finds that; ${hint(entity, known)}`);
  }
  return { detectors, minScore: parseScore(minScore), failOn: new Set(failOn) };
}

function hint(entity: string, known: readonly string[]): string {
  const near = suggestion(entity, known);
  return near.startsWith("did") ? near : "llm-gate dlp entities lists what is found.";
}

function parseScore(text: string): number {
  const score = /^\d?(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (text !== "" && score >= 0 && score <= 1) return score;
  throw usageError(`--min-score ${JSON.stringify(text)} is not a number from 0 to 1.`);
}

/** Wherever the policy has them: of the organisation, of groups, of models. */
function customDetectors(path: string | undefined): readonly Detector[] {
  if (path === undefined) return [];
  const { dlp, groups, models } = readPolicy(path);
  const rules: readonly CustomRule[] = [
    dlp,
    ...groups.map((group) => group.dlp),
    ...models.map((model) => model.dlp),
  ].flatMap((layer) => layer?.custom ?? []);
  return rules.map(compileCustomRule);
}
