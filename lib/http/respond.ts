import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorForm, Protocol } from "../ports/protocol";
import type { HeaderLines } from "../answer";
import type { PublicError } from "./public-error";
import { bodyUnread } from "./read-body";
import type { AnswerWriter } from "./write-answer";

/** An error as it goes over the wire: on a response, or on a bare socket when the parser gave up. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: HeaderLines;
  readonly body: string;
}

const JSON_FIELD = ["content-type", "application/json; charset=utf-8"] as const;

/** A gate-made answer must never be cached, and differs by credential. */
const GATE_MADE: HeaderLines = [
  ["cache-control", "no-store"],
  ["vary", "Authorization, x-api-key"],
];

/** The dialect's envelope; 413 alone has none on any protocol (contract: error envelopes). */
export function errorAnswer(error: PublicError, protocol: Protocol, form: ErrorForm): ErrorAnswer {
  const enveloped =
    error.code === "body_too_large"
      ? { headers: [JSON_FIELD], body: JSON.stringify({ message: error.message }) }
      : protocol.formatError(error, form);
  return {
    status: error.status,
    headers: [...GATE_MADE, ...enveloped.headers, ...Object.entries(error.headers)],
    body: enveloped.body,
  };
}

/** Sends it; a request body that nobody read closes the connection, so that its rest is not taken for a request. */
export function respondError(
  req: IncomingMessage,
  res: ServerResponse,
  writer: AnswerWriter,
  answer: ErrorAnswer,
): void {
  if (writer.started || res.destroyed) return;
  for (const name of LEFT_BY_HANDLER) res.removeHeader(name);
  const closes = answer.headers.some(([name]) => name.toLowerCase() === "connection");
  const closing: HeaderLines = bodyUnread(req) && !closes ? [["connection", "close"]] : [];
  const body = Buffer.from(answer.body);
  writer.head(answer.status, [...answer.headers, ...closing, ["content-length", String(body.length)]]);
  writer.end(req.method === "HEAD" ? undefined : body);
}

/** Fields of an answer that was dropped. */
const LEFT_BY_HANDLER = [
  "content-encoding",
  "transfer-encoding",
  "etag",
  "last-modified",
  "content-range",
  "content-disposition",
];
