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

/** Milliseconds since the Unix epoch of `90d` from now, or of an ISO date (its first moment, UTC) or date and time. */
export function parseExpiry(option: string, text: string, now: number): number {
  const [, count = "", unit = ""] = SPAN.exec(text) ?? [];
  const at = DATE.test(text) ? Date.parse(text) : now + Number(count) * (UNITS[unit] ?? NaN);
  if (Number.isFinite(at) && at > now) return at;
  throw usageError(
    `${option} ${JSON.stringify(text)} is not a time to come: write 30m, 12h, 90d or 8w, or a date such as 2030-12-31.`,
  );
}

/** Milliseconds of `30m`, `24h`, `7d`, `8w` or `0`. */
export function parseSpan(option: string, text: string): number {
  const [, count = "", unit = ""] = SPAN.exec(text) ?? [];
  const span = text === "0" ? 0 : Number(count) * (UNITS[unit] ?? NaN);
  if (Number.isFinite(span)) return span;
  throw usageError(`${option} ${JSON.stringify(text)} is not a span of time: write 30m, 24h, 7d, or 0.`);
}
