import type { JsonPath } from "../json";
import type { Detector } from "../ports/detector";
import type { AnswerSpan, OpaquePart } from "../ports/protocol";
import { openBudget } from "./budget";
import type { DlpEngine, EffectivePolicy, Inspection } from "./engine";
import { createFindingMemory } from "./finding-memory";
import { gatherTexts } from "./gather-texts";
import { inspectOne, readableOf, type TextInspection } from "./inspect-one";
import type { CustomRule } from "./policy";
import { readAhead } from "./read-ahead";
import { reportOf, uninspected } from "./report";
import { createPolicyResolver } from "./resolve-policy";
import { openStream } from "./stream/open-stream";
import type { Tokens } from "./tokens";

export interface DlpEngineOptions {
  readonly detectors: readonly Detector[];
  /** Makes an operator's rule runnable; throws when its pattern is not valid. Findings are named after the rule. */
  readonly compileCustomRule: (rule: CustomRule) => Detector;
  /** Milliseconds on a clock that never steps back. */
  readonly monotonic: () => number;
  /** What one inspection may take before the call is refused. Default 2,000. */
  readonly budgetMs?: number;
  /** Makes the engine remember what it found in a text, by this digest of it. Absent: every text is read anew. */
  readonly digest?: (text: string) => string;
}

const DEFAULT_BUDGET_MS = 2_000;

export function createDlpEngine(options: DlpEngineOptions): DlpEngine {
  const { compileCustomRule, monotonic, budgetMs = DEFAULT_BUDGET_MS, digest } = options;
  const memory = digest === undefined ? {} : { memory: createFindingMemory({ digest }) };
  const detectors = Object.freeze([...options.detectors]);
  const entities = new Set(detectors.flatMap((detector) => detector.entities));

  const inspect: DlpEngine["inspect"] = async (spans, opaque, policy, signal, tokens = null) => {
    if (!policy.active && tokens === null) return conclude(spans, [], [], policy);
    const budget = openBudget({ budgetMs, monotonic, signal });
    const reading = { policy, detectors, budget, tokens, ...memory };
    try {
      const gathered = gatherTexts(spans);
      const ahead = await readAhead(() => gathered.map((text) => readableOf(text).text), reading);
      const texts: TextInspection[] = [];
      for (const text of gathered) texts.push(await inspectOne(text, ahead === null ? reading : { ...reading, ahead }));
      return conclude(spans, texts, [...opaque, ...texts.flatMap((text) => text.opaque)], policy);
    } finally {
      budget.close();
    }
  };

  return Object.freeze({
    entities: Object.freeze([...entities]),
    policyFor: createPolicyResolver(entities, compileCustomRule),
    inspect,
    openStream: (policy: EffectivePolicy, signal: AbortSignal, tokens: Tokens | null = null) =>
      openStream({ policy, detectors, tokens, openBudget: () => openBudget({ budgetMs, monotonic, signal }) }),
  });
}

function conclude(
  spans: readonly AnswerSpan[],
  texts: readonly TextInspection[],
  opaque: readonly OpaquePart[],
  policy: EffectivePolicy,
): Inspection {
  const blocked = firstBlock(texts, opaque, policy);
  const edits = blocked === null ? texts.flatMap((text) => text.edits) : [];
  const findings = texts.flatMap((text) => text.findings);
  const count = (of: "redacted" | "tokenized" | "notRewritten"): number =>
    texts.reduce((sum, text) => sum + text[of], 0);
  const counts = { redacted: count("redacted"), tokenized: count("tokenized"), notRewritten: count("notRewritten") };
  return Object.freeze({
    blockedBy: blocked?.by ?? null,
    blockedAt: blocked?.at ?? null,
    edits: Object.freeze(edits),
    findings: Object.freeze(findings),
    report: reportOf({ policy, spans, opaque, edits, findings, ...counts, blocked: blocked !== null }),
  });
}

function firstBlock(
  texts: readonly TextInspection[],
  opaque: readonly OpaquePart[],
  policy: EffectivePolicy,
): { readonly by: string; readonly at: JsonPath } | null {
  const inText = texts.find((text) => text.blocked !== null)?.blocked;
  if (inText !== null && inText !== undefined) return inText;
  const part = uninspected(opaque, policy);
  return part === null ? null : { by: "uninspectable", at: part.path };
}
