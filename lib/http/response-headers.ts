import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { HeaderLines } from "../answer";

/** `writeHead`'s forms of headers: an object, a flat list, a list of pairs. */
export function applyHeaders(res: ServerResponse, headers: unknown): void {
  if (Array.isArray(headers)) {
    const flat: unknown[] = headers.flat();
    for (let at = 0; at + 1 < flat.length; at += 2) res.setHeader(String(flat[at]), String(flat[at + 1]));
    return;
  }
  for (const [name, value] of Object.entries((headers ?? {}) as OutgoingHttpHeaders)) {
    if (value !== undefined) res.setHeader(name, value);
  }
}

/** What a response would send now. */
export function headerLines(res: ServerResponse): HeaderLines {
  return res.getHeaderNames().flatMap((name) => {
    const value = res.getHeader(name);
    return (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)] as const);
  });
}

/** Remembers a response's fields as they are now. The function that comes back makes them so again. */
export function rememberHeaders(res: ServerResponse): () => void {
  const before = new Map<string, OutgoingHttpHeader>(
    Object.entries(res.getHeaders()).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return function restoreHeaders() {
    for (const name of res.getHeaderNames()) if (!before.has(name)) res.removeHeader(name);
    for (const [name, value] of before) res.setHeader(name, value);
  };
}

const OURS = "x-request-id";

/**
 * Remembers what the gate has set. The function that comes back takes all else away: a handler's answer lists its fields,
 * and of those it may be sent with fewer.
 */
export function rememberOurs(res: ServerResponse): () => void {
  const ours = res.getHeader(OURS);
  return function keepOurs() {
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    if (ours !== undefined) res.setHeader(OURS, ours);
  };
}
