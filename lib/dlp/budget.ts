import { Denial } from "../denial";
import type { Detector, Finding } from "../ports/detector";

/** The time that one inspection may take, and the breaks it takes so that other calls go on. */
export interface Budget {
  /** What the detector finds, checked. Throws Denial `dlp_unavailable`, or the client's abort reason. */
  run(detector: Detector, text: string): Promise<readonly Finding[]>;
  /** The same for several texts at once, for a detector that reads them so; in the order of the texts. */
  runAll(detector: Detector, texts: readonly string[]): Promise<readonly (readonly Finding[])[]>;
  /** Lets other calls go on, where the work since the last break has been long. Throws the client's abort reason. */
  rest(): Promise<void>;
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
    signal.throwIfAborted();
  };

  async function inTime<T>(detector: Detector, detecting: Detecting<T>): Promise<T> {
    await rest();
    check(detector);
    const found = await guarded(detector, detecting, expiry);
    check(detector);
    if (found === OVERTAKEN) throw overrun(detector);
    return found;
  }

  return Object.freeze<Budget>({
    run: (detector, text) =>
      inTime(detector, {
        detect: () => detector.detect(text, expiry.signal),
        checked: (findings) => checkedFindings(findings, text),
      }),
    runAll: (detector, texts) =>
      inTime(detector, {
        detect: () => detector.detectAll?.(texts, expiry.signal) ?? [],
        checked: (lists) => checkedLists(lists, texts),
      }),
    rest,
    close: expiry.cancel,
  });
}

interface Detecting<T> {
  readonly detect: () => T | Promise<T>;
  /** Throws where it is not what a detector may say. */
  readonly checked: (found: T) => T;
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

const OVERTAKEN = Symbol("overtaken");

/** A detector that is overtaken by the time's end gives nothing; the check that follows says why. */
async function guarded<T>(
  detector: Detector,
  { detect, checked }: Detecting<T>,
  expiry: Expiry,
): Promise<T | typeof OVERTAKEN> {
  try {
    const said = detect();
    const found = Array.isArray(said) ? said : await Promise.race([said, expiry.reached.then(() => OVERTAKEN)]);
    return found === OVERTAKEN ? OVERTAKEN : checked(found as T);
  } catch (error) {
    if (expiry.signal.aborted) return OVERTAKEN;
    throw new Denial("dlp_unavailable", {
      reason: "dlp_unavailable",
      detail: `the detector ${detector.name} failed`,
      cause: withoutMessage(error),
    });
  }
}

function checkedLists(lists: readonly (readonly Finding[])[], texts: readonly string[]) {
  if (lists.length !== texts.length) throw new TypeError("not a list for each text");
  return lists.map((findings, index) => checkedFindings(findings, texts[index] ?? ""));
}

function checkedFindings(findings: readonly Finding[], { length }: string): readonly Finding[] {
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
