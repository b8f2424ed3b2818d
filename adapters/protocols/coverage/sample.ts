import type { JsonValue } from "../../../lib/json";

/** A place where a dialect can carry text, and the smallest document that carries some there. */
export interface Sample {
  /** `messages[].content`. */
  readonly place: string;
  readonly document: (text: string) => JsonValue;
}

/** The places of one protocol. */
export interface Samples {
  readonly request: readonly Sample[];
  /** An answer in one piece. */
  readonly answer: readonly Sample[];
  /** One event of a stream. */
  readonly event: readonly Sample[];
}

export function sample(place: string, document: Sample["document"]): Sample {
  return Object.freeze({ place, document });
}

/** JSON with the text in it, as tool arguments are. */
export function argumentsOf(text: string): string {
  return JSON.stringify({ text });
}
