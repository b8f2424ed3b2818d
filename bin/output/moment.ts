/** Milliseconds since the Unix epoch as RFC 3339; null stays null. */
export function moment(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** For people: to the second. */
export function shortMoment(at: string): string {
  return at.replace(/\.\d+Z$/, "Z").replace("T", " ");
}
