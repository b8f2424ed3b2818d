import { builtInDetectors } from "../../adapters/detectors/built-in";
import { compileCustomRule } from "../../adapters/detectors/custom-rules";
import { createDlpEngine, type DlpEngineOptions } from "../../lib/dlp/create-engine";
import type { DlpEngine } from "../../lib/dlp/engine";
import type { CustomRule, DlpPolicy } from "../../lib/dlp/policy";
import type { Detector, Finding } from "../../lib/ports/detector";
import type { AnswerSpan } from "../../lib/ports/protocol";

export function engineOf(options: Partial<DlpEngineOptions> = {}): DlpEngine {
  return createDlpEngine({
    detectors: builtInDetectors(),
    compileCustomRule,
    monotonic: () => performance.now(),
    ...options,
  });
}

export function policyOf(parts: Partial<DlpPolicy>): DlpPolicy {
  return { request: {}, response: {}, custom: [], ...parts };
}

export function ruleOf(parts: Partial<CustomRule> & { readonly name: string }): CustomRule {
  return { action: "redact", on: "both", ...parts };
}

export function spanOf(text: string, parts: Partial<AnswerSpan> = {}): AnswerSpan {
  return { path: ["text"], role: "user", text, rewritable: true, ...parts };
}

/** What each text has become, in order. */
export function delivered(spans: readonly AnswerSpan[], edits: readonly { index: number; text: string }[]): string[] {
  const texts = spans.map((span) => span.text);
  for (const { index, text } of edits) texts[index] = text;
  return texts;
}

export function living(): AbortSignal {
  return new AbortController().signal;
}

/** The matched texts, for tests alone: a finding does not carry them. */
export async function found(detector: Detector, text: string): Promise<string[]> {
  const findings: readonly Finding[] = await detector.detect(text, living());
  return findings.map(({ start, end }) => text.slice(start, end));
}

/** Passes Luhn and is issued to nobody: networks publish it for tests. */
export const CARD = "4111111111111111";

export function armoured(kind: string, body = "MIIEowIBAAKCAQEA7bq8\nPzV3cCg0Gq3J\n"): string {
  return `-----BEGIN ${kind}-----\n${body}-----END ${kind}-----`;
}
