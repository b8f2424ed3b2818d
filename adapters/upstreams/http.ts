import { Pool } from "undici";
import type { Answer, HeaderLines } from "../../lib/answer";
import type { ClearedCall } from "../../lib/call";
import { Denial } from "../../lib/denial";
import type { Upstream } from "../../lib/ports/upstream";
import { answerBody } from "./http/answer-body";
import { contentCoding, refuseBadHead } from "./http/answer-head";
import { answerHeaders } from "./http/answer-headers";
import { upstreamFailure } from "./http/failure";
import { readOptions, type HttpUpstreamOptions } from "./http/options";
import { requestHeaders } from "./http/request-headers";
import { locate } from "./http/target";

export type { HttpUpstreamOptions } from "./http/options";

const SWITCHING_PROTOCOLS = 101;

/**
 * A model provider reached over HTTP/1.1 with connections kept open. Streams both ways, follows no redirect and retries nothing.
 * Throws a ConfigurationError for options that cannot work.
 */
export function httpUpstream(options: HttpUpstreamOptions): Upstream {
  const settings = readOptions(options);
  const pool = new Pool(settings.base.origin, {
    connect: { timeout: settings.connectTimeoutMs },
    headersTimeout: settings.headersTimeoutMs,
    bodyTimeout: settings.idleMs,
  });

  async function forward(call: ClearedCall, signal: AbortSignal): Promise<Answer> {
    try {
      const response = await pool.request({
        method: call.operation.method,
        path: locate(settings.base, call.target),
        headers: requestHeaders(call, settings),
        body: call.bytes.length === 0 ? null : call.bytes,
        signal,
        responseHeaders: "raw",
        onInfo: refuseSwitching,
      });
      return toAnswer(response.statusCode, headerLines(response.headers), response.body, signal);
    } catch (error) {
      throw upstreamFailure(error, signal);
    }
  }

  return Object.freeze({
    name: settings.name,
    ...(settings.protocols && { protocols: settings.protocols }),
    forward,
    close: () => pool.destroy(),
  });
}

type ResponseBody = Awaited<ReturnType<Pool["request"]>>["body"];

function toAnswer(status: number, received: HeaderLines, body: ResponseBody, signal: AbortSignal): Answer {
  // Whoever reads the body hears of its errors; one that nobody reads must not end the process.
  body.on("error", () => undefined);
  try {
    refuseBadHead(status, received);
    const coding = contentCoding(received);
    return Object.freeze({
      status,
      headers: answerHeaders(received, coding !== null),
      body: answerBody(body, coding, signal),
      origin: "upstream",
    });
  } catch (error) {
    body.destroy();
    throw error;
  }
}

/** Undici waits for another head after any 1xx; after this one there is none. */
function refuseSwitching(info: { statusCode: number }): void {
  if (info.statusCode !== SWITCHING_PROTOCOLS) return;
  throw new Denial("upstream_unavailable", { reason: "upstream_malformed", detail: "status 101" });
}

/** With `responseHeaders: "raw"` names and values alternate in one list, whatever the declared type says. */
function headerLines(raw: unknown): HeaderLines {
  const flat: readonly unknown[] = Array.isArray(raw) ? raw : [];
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[String(name), String(flat[index + 1])] as const] : []));
}
