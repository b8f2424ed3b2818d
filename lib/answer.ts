/** Field name and value, in order, names as written. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** One HTTP answer, wherever it came from: an upstream, or the host's own handler. */
export interface Answer {
  readonly status: number;
  readonly headers: HeaderLines;
  readonly body: AsyncIterable<Uint8Array>;
  /** Only an upstream's own error may leave verbatim; a host's becomes the dialect's error. */
  readonly origin: "upstream" | "host";
}

/** The first value of a header field, by lower-case name. */
export function headerValue(headers: HeaderLines, name: string): string | undefined {
  return headers.find(([field]) => field.toLowerCase() === name)?.[1];
}
