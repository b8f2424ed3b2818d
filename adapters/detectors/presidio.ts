import type { Detector, Finding } from "../../lib/ports/detector";
import { openAnalyzer, type Analyzer } from "./presidio/analyzer";
import { readPresidioOptions, type PresidioOptions, type PresidioSettings } from "./presidio/options";
import { readAnswers } from "./presidio/read-answer";

export type { PresidioOptions } from "./presidio/options";

/** A detector with connections to somebody else's process. */
export interface PresidioDetector extends Detector {
  /** Resolves when the analyzer answers and can find all that it will be asked for; rejects with a sentence that says what is wrong. */
  check(signal?: AbortSignal): Promise<void>;
  /** Ends the connections. Idle ones keep no process alive. */
  close(): Promise<void>;
}

/**
 * Asks a Presidio analyzer (`POST /analyze`) what is in a text. The texts of one call go in batches; a question that fails, takes
 * too long or is answered with nonsense refuses the call. It declares no longest match: how far names reach into the text around
 * them is not known, so texts of streams are held until they are complete. Throws a ConfigurationError for options that cannot work.
 */
export function presidioDetector(options: PresidioOptions): PresidioDetector {
  const settings = readPresidioOptions(options);
  const analyzer = openAnalyzer(settings);
  const trusted = createTrust(analyzer, settings);

  async function detectAll(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly Finding[])[]> {
    await trusted.check(signal);
    const batches = batchesOf(texts.map(wellFormed), settings.batchSize);
    try {
      return (await Promise.all(batches.map((batch) => analyzed(batch, signal)))).flat();
    } catch (error) {
      if (!signal.aborted) trusted.lose();
      throw error;
    }
  }

  async function analyzed(batch: readonly string[], signal: AbortSignal): Promise<readonly (readonly Finding[])[]> {
    return readAnswers(await analyzer.analyze(batch, signal), batch, settings);
  }

  return Object.freeze<PresidioDetector>({
    name: "presidio",
    entities: Object.freeze([...new Set(settings.entities.values())]),
    detect: async (text, signal) => (text === "" ? [] : ((await detectAll([text], signal))[0] ?? [])),
    detectAll,
    check: (signal = new AbortController().signal) => trusted.check(signal),
    close: analyzer.close,
  });
}

/** A lone surrogate is text for JSON and for nobody who encodes it; what takes its place is as long. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

interface Trust {
  check(signal: AbortSignal): Promise<void>;
  /** After a failure: it may be another analyzer that answers next. */
  lose(): void;
}

/** An analyzer that cannot find what it is asked for says nothing of it and finds nothing: a policy would let it all pass. */
function createTrust(analyzer: Analyzer, { entities, language }: PresidioSettings): Trust {
  let trusted = false;
  return {
    async check(signal) {
      if (trusted) return;
      const supported = await analyzer.supported(signal);
      const missing = [...entities.keys()].filter((entity) => !supported.includes(entity));
      if (missing.length > 0) throw new Error(`the analyzer finds no ${missing.join(", ")} in "${language}"`);
      trusted = true;
    },
    lose() {
      trusted = false;
    },
  };
}

/** Bounded in number and in length, so that one question stays one that can be answered in time. */
function batchesOf(texts: readonly string[], size: number): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let length = 0;
  for (const text of texts) {
    const last = batches.at(-1);
    if (last === undefined || last.length >= size || length + text.length > BATCH_CHARACTERS) {
      batches.push([text]);
      length = text.length;
    } else {
      last.push(text);
      length += text.length;
    }
  }
  return batches;
}

const BATCH_CHARACTERS = 100_000;
