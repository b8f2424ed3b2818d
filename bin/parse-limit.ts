import { usageError } from "./command-error";

const MOST = 10_000;

/** A number of records. */
export function parseLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MOST) return limit;
  throw usageError(`--limit ${JSON.stringify(text)} is not a whole number from 1 to ${MOST}.`);
}
