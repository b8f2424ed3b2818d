import { AdminError } from "./admin-error";
import type { TrailFilter } from "./search-trail";

/** The filter as it came. Throws an AdminError for times that are none, or between which there is nothing. */
export function checkedFilter(filter: TrailFilter): TrailFilter {
  const { since, until } = filter;
  checkTime("since", since);
  checkTime("until", until);
  if (since !== undefined && until !== undefined && since >= until) {
    throw new AdminError("invalid_argument", `since ${since} is not before until ${until}: no record is between them.`);
  }
  return filter;
}

/** Times are compared as texts, so that every other form would find too much or too little. */
function checkTime(name: string, time: string | undefined): void {
  if (time === undefined || isTime(time)) return;
  throw new AdminError(
    "invalid_argument",
    `${name} ${JSON.stringify(time).slice(0, 40)} is not a time: write RFC 3339 in UTC with milliseconds, as Date's toISOString() does.`,
  );
}

function isTime(time: string): boolean {
  const at = Date.parse(time);
  return Number.isFinite(at) && new Date(at).toISOString() === time;
}
