const NAMES: Readonly<Record<number, string>> = {
  1: "ERROR",
  3: "PERM",
  5: "BUSY",
  6: "LOCKED",
  8: "READONLY",
  10: "IOERR",
  11: "CORRUPT",
  13: "FULL",
  14: "CANTOPEN",
  19: "CONSTRAINT",
  26: "NOTADB",
};

/**
 * SQLite's primary result code without its prefix (`BUSY`, `NOTADB`), whichever driver threw; null for other errors.
 * Told by their fields: an error of the runtime's own module is no instance of `Error` in another realm (Jest's).
 */
export function sqliteErrorName(error: unknown): string | null {
  if (typeof error !== "object" || error === null) return null;
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown };
  if (typeof errcode === "number") return NAMES[errcode & 0xff] ?? null;
  if (typeof code !== "string") return null;
  return /^SQLITE_([A-Z]+)/.exec(code)?.[1] ?? null;
}
