/** What may be logged of a driver's error: its name and code. The message may hold a connection string. */
export function failureOf(cause: unknown): { readonly error: string; readonly code: string | null } {
  if (!(cause instanceof Error)) return { error: typeof cause, code: null };
  return { error: cause.name, code: "code" in cause ? String(cause.code) : null };
}
