import { STATUS_CODES } from "node:http";
import type { ErrorAnswer } from "./respond";

/** An answer for a socket that has no response object: the connection ends with it. */
export function rawResponse({ status, headers, body }: ErrorAnswer, requestId: string): string {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `x-request-id: ${requestId}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
