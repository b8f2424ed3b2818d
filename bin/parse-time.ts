import { usageError } from "./command-error";

const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = {
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
  d: 24 * 60 * MINUTE_MS,
  w: 7 * 24 * 60 * MINUTE_MS,
};

const SPAN = /^(\d{1,6})([mhdw])$/;
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Milliseconds of `90d`; not a number where it is no such span. */
function spanOf(text: string): number {
  const [, count = "", unit = ""] = SPAN.exec(text) ?? [];
  return Number(count) * (UNITS[unit] ?? NaN);
}

/** Of an ISO date or date and time; null where it is written otherwise, not a number where there is no such day. */
function dateOf(text: string): number | null {
  if (!DATE.test(text)) return null;
  const day = text.slice(0, 10);
  const begins = Date.parse(day);
  const isDay = Number.isFinite(begins) && new Date(begins).toISOString().startsWith(day);
  return isDay ? Date.parse(text) : NaN;
}

/** Milliseconds since the Unix epoch of `90d` from now, or of an ISO date (its first moment, UTC) or date and time. */
export function parseExpiry(option: string, text: string, now: number): number {
  const at = dateOf(text) ?? now + spanOf(text);
  if (Number.isFinite(at) && at > now) return at;
  throw usageError(
    `${option} ${JSON.stringify(text)} is not a time to come: write 30m, 12h, 90d or 8w, or a date such as 2030-12-31.`,
  );
}

/** The time that `1h` ago was, or an ISO date (its first moment, UTC) or date and time; RFC 3339 with milliseconds. */
export function parseMoment(option: string, text: string, now: number): string {
  const at = dateOf(text) ?? now - spanOf(text);
  if (Number.isFinite(at)) return new Date(at).toISOString();
  throw usageError(
    `${option} ${JSON.stringify(text)} is not a time: write 30m, 1h, 7d or 2w for as long ago, or a date such as 2026-01-31 or 2026-01-31T09:00Z.`,
  );
}

/** Milliseconds of `30m`, `24h`, `7d`, `8w` or `0`. */
export function parseSpan(option: string, text: string): number {
  const span = text === "0" ? 0 : spanOf(text);
  if (Number.isFinite(span)) return span;
  throw usageError(`${option} ${JSON.stringify(text)} is not a span of time: write 30m, 24h, 7d, or 0.`);
}
