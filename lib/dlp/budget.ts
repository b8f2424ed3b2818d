import { Denial } from "../denial";
import type { Detector, Finding } from "../ports/detector";

/** The time that one inspection may take, and the breaks it takes so that other calls go on. */
export interface Budget {
  /** What the detector finds, checked. Throws Denial `dlp_unavailable`, or the client's abort reason. */
  run(detector: Detector, text: string): Promise<readonly Finding[]>;
  close(): void;
}

export interface BudgetOptions {
  readonly budgetMs: number;
  /** Milliseconds on a clock that never steps back. */
  readonly monotonic: () => number;
  /** Aborts when nobody waits for the result any more. */
  readonly signal: AbortSignal;
}

/** Longest stretch of work before the event loop gets its turn. */
const STRETCH_MS = 8;

export function openBudget(options: BudgetOptions): Budget {
  const { budgetMs, monotonic, signal } = options;
  const startedAt = monotonic();
  const expiry = expiryOf(budgetMs, signal);
  let restedAt = startedAt;

  const check = (detector: Detector): void => {
    signal.throwIfAborted();
    if (expiry.signal.aborted || monotonic() - startedAt > budgetMs) throw overrun(detector);
  };
  const rest = async (): Promise<void> => {
    if (monotonic() - restedAt < STRETCH_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    restedAt = monotonic();
  };

  return Object.freeze({
    run: async (detector: Detector, text: string): Promise<readonly Finding[]> => {
      await rest();
      check(detector);
      const findings = await guarded(detector, text, expiry);
      check(detector);
      return findings;
    },
    close: expiry.cancel,
  });
}

interface Expiry {
  /** Aborts when the time is up or the client is gone. */
  readonly signal: AbortSignal;
  /** Resolves then. */
  readonly reached: Promise<void>;
  readonly cancel: () => void;
}

function expiryOf(budgetMs: number, client: AbortSignal): Expiry {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const reached = new Promise<void>((resolve) => {
    controller.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const timer = setTimeout(abort, budgetMs);
  client.addEventListener("abort", abort, { once: true });
  const cancel = (): void => {
    clearTimeout(timer);
    client.removeEventListener("abort", abort);
  };
  return { signal: controller.signal, reached, cancel };
}

/** A detector that is overtaken by the time's end gives nothing; the check that follows says why. */
async function guarded(detector: Detector, text: string, expiry: Expiry): Promise<readonly Finding[]> {
  try {
    const found = detector.detect(text, expiry.signal);
    const findings = Array.isArray(found) ? found : await Promise.race([found, expiry.reached.then(() => [])]);
    return checkedFindings(findings, text.length);
  } catch (error) {
    if (expiry.signal.aborted) return [];
    throw new Denial("dlp_unavailable", {
      reason: "dlp_unavailable",
      detail: `the detector ${detector.name} failed`,
      cause: withoutMessage(error),
    });
  }
}

function checkedFindings(findings: readonly Finding[], length: number): readonly Finding[] {
  for (const { entity, rule, start, end } of findings) {
    const placed = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= length;
    if (!placed || typeof entity !== "string" || typeof rule !== "string") throw new TypeError("not a finding");
  }
  return findings;
}

function overrun(detector: Detector): Denial {
  return new Denial("dlp_unavailable", {
    reason: "dlp_unavailable",
    detail: `the time budget was spent at the detector ${detector.name}`,
  });
}

/** Keeps where it failed and drops what it said: a third party's message may quote the text. */
function withoutMessage(error: unknown): Error {
  const frames = error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^ {4}at /.test(line)) : [];
  const bare = new Error("a detector failed");
  bare.stack = ["Error: a detector failed", ...frames].join("\n");
  return bare;
}
