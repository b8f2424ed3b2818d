import { Pool } from "undici";
import type { PresidioSettings } from "./options";

/** The two questions that a Presidio analyzer is asked, over connections that are kept open. Any failure rejects; no message quotes a text. */
export interface Analyzer {
  /** `POST /analyze`: its JSON. */
  analyze(texts: readonly string[], signal: AbortSignal): Promise<unknown>;
  /** `GET /supportedentities`: the names of what it can find in the language. */
  supported(signal: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}

const LARGEST_ANSWER = 16 * 1024 * 1024;

export function openAnalyzer(settings: PresidioSettings): Analyzer {
  const { origin, path, language, timeoutMs, connections } = settings;
  const pool = new Pool(origin, { connections, connect: { timeout: timeoutMs } });
  const own = settings.headers.flat();

  async function ask(method: "GET" | "POST", target: string, body: string | null, signal: AbortSignal) {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const headers = [...own, ...(body === null ? [] : ["content-type", "application/json"])];
    const response = await pool.request({ method, path: `${path}${target}`, headers, body, signal: inTime });
    if (response.statusCode !== 200) {
      await response.body.dump();
      throw new Error(`the analyzer answered ${response.statusCode}`);
    }
    return parsed(await collect(response.body));
  }

  return Object.freeze<Analyzer>({
    analyze: (texts, signal) => ask("POST", "/analyze", question(texts, settings), signal),
    async supported(signal) {
      const names = await ask("GET", `/supportedentities?language=${encodeURIComponent(language)}`, null, signal);
      if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
      throw new TypeError("the analyzer's list of entities is none");
    },
    close: () => pool.destroy(),
  });
}

function question(texts: readonly string[], settings: PresidioSettings): string {
  const { language, entities, scoreThreshold, batchSize } = settings;
  return JSON.stringify({
    text: batchSize === 1 ? texts[0] : texts,
    language,
    entities: [...entities.keys()],
    score_threshold: scoreThreshold,
  });
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LARGEST_ANSWER) throw new RangeError("the analyzer's answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A parser's message quotes what it could not read. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError("the analyzer's answer is not JSON");
  }
}
