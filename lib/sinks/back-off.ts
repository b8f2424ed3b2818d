import { SinkTrouble } from "./sink-trouble";

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** Where trying again will hardly help. */
const SLOW_MS = 60_000;
/** However long the other side asks for. */
const MOST_MS = 3_600_000;

/** The pause after so many failures in a row; `chance` in [0, 1) keeps gates from knocking at the same time. */
export function backOff(failures: number, error: unknown, chance: number): number {
  const asked = error instanceof SinkTrouble ? error.retryAfterMs : null;
  if (asked !== null) return Math.min(MOST_MS, Math.max(FIRST_MS, asked));
  const permanent = error instanceof SinkTrouble && error.permanent;
  const full = permanent ? SLOW_MS : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(20, failures - 1));
  return full * (0.5 + chance / 2);
}
