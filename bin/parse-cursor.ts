import { usageError } from "./command-error";

/** As a page before gave it. */
export function parseCursor(text: string): string {
  if (/^\d{1,16}$/.test(text)) return text;
  throw usageError(`--cursor ${JSON.stringify(text)} is not a cursor that a page before gave.`);
}
