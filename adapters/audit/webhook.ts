import { Agent, request } from "undici";
import type { StoredRecord } from "../../lib/ports/audit-log";
import type { AuditSink } from "../../lib/ports/audit-sink";
import { SinkTrouble, troubleOf } from "../../lib/sinks/sink-trouble";
import { sinkInvalid, sinkName } from "./sink-name";
import { answerTrouble } from "./webhook/answer-trouble";
import { batchMessage } from "./webhook/batch-message";
import { readSecrets, signMessage } from "./webhook/sign-message";

export interface WebhookSinkOptions {
  /** `https:`; `http:` only to this machine. Never shown but for its origin. */
  readonly url: string;
  /** `whsec_…`; two while the receiver changes over from one to the other. */
  readonly secret: string | readonly string[];
  /** Default `webhook`. */
  readonly name?: string;
  /** For one request. Default 10,000. */
  readonly timeoutMs?: number;
  /** Of a request's body, about. Default 512,000. */
  readonly maxBytes?: number;
}

const MOST_RECORDS = 250;
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 512_000;
/** Of an answer, which nobody reads. */
const ANSWER_BYTES = 16_384;

/**
 * Posts batches of records, signed as the Standard Webhooks specification says. A batch that is sent again has the same
 * `webhook-id`; after a crash its records may come in other batches, so that receivers tell records by `node` and `seq`.
 * Redirects are not followed.
 */
export function webhookSink(options: WebhookSinkOptions): AuditSink {
  const { name = "webhook", timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = options;
  const url = readUrl(options.url);
  const secrets = readSecrets(options.secret);
  const agent = new Agent({ connect: { timeout: timeoutMs }, connections: 1 });
  return Object.freeze({
    name: sinkName(name),
    limits: { records: MOST_RECORDS, bytes: maxBytes },
    async deliver(records: readonly StoredRecord[], signal: AbortSignal): Promise<void> {
      const { id, body } = batchMessage(records);
      const headers = { "content-type": "application/json", ...signMessage(id, Date.now(), body, secrets) };
      const ending = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const answer = await post(url, { headers, body, dispatcher: agent, signal: ending });
      const trouble = answerTrouble(answer.status, answer.retryAfter, Date.now());
      if (trouble !== null) throw trouble;
    },
    close: () => agent.destroy(),
  });
}

interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly dispatcher: Agent;
  readonly signal: AbortSignal;
}

async function post(url: URL, parts: Post): Promise<{ readonly status: number; readonly retryAfter: string | null }> {
  try {
    const { statusCode, headers, body } = await request(url, { method: "POST", ...parts });
    await body.dump({ limit: ANSWER_BYTES, signal: parts.signal });
    const retryAfter = headers["retry-after"];
    return { status: statusCode, retryAfter: typeof retryAfter === "string" ? retryAfter : null };
  } catch (error) {
    throw new SinkTrouble(`${url.origin} did not answer: ${troubleOf(error)}`);
  }
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname))) {
    if (url.username === "" && url.password === "") return url;
    throw sinkInvalid("of the kind webhook has a user in its url: the signature says who sends");
  }
  throw sinkInvalid("of the kind webhook has a url that is none: write https://…, or http:// to this machine");
}
