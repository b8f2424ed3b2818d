import { SinkTrouble } from "../../../lib/sinks/sink-trouble";

const TEMPORARY: ReadonlySet<number> = new Set([408, 425, 429]);
const SECONDS = /^\d{1,9}$/;

/** What an answer means; null when it is an acknowledgement. `now`: milliseconds since the Unix epoch. */
export function answerTrouble(status: number, retryAfter: string | null, now: number): SinkTrouble | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 500 || TEMPORARY.has(status)) {
    const retryAfterMs = retryDelay(retryAfter, now);
    return new SinkTrouble(`it answered ${status}`, retryAfterMs === null ? {} : { retryAfterMs });
  }
  const more =
    status < 400 ? ": redirects are not followed" : ": somebody has to look at its address, secret or limits";
  return new SinkTrouble(`it answered ${status}${more}`, { permanent: true });
}

/** Seconds or a date, as HTTP has it; null for anything else. */
function retryDelay(value: string | null, now: number): number | null {
  if (value === null) return null;
  const delay = SECONDS.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(delay) ? Math.max(0, delay) : null;
}
