/** How the tokens of one service look, as the service publishes it. */
export interface TokenFormat {
  /** The service, and which of its tokens: `github-pat`. The name of the rule. */
  readonly name: string;
  /** Exactly as written, three characters or more; a token has one of them. */
  readonly literals: readonly string[];
  /** What follows the literal: the source of a pattern in which every quantifier is bounded. Empty for nothing. */
  readonly rest: string;
  /** What of the token stands before the literal, likewise; absent where the token begins with it. */
  readonly before?: string;
  /** True where white space may follow the literal: its line has to be waited for. */
  readonly spaced?: true;
  /** Default `API_KEY`. */
  readonly entity?: "JWT" | "PRIVATE_KEY";
  /** Lowest Shannon entropy of the whole, in bits per character, where the format alone would take ordinary text. */
  readonly entropy?: number;
}

export const ALNUM = "[A-Za-z0-9]";
export const BASE64 = "[A-Za-z0-9+/]";
/** The alphabet of base64url. */
export const URL64 = "[A-Za-z0-9_-]";
export const HEX = "[0-9a-f]";
export const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/** `prefix` followed by each of the characters, where the prefix is too short to be looked for. */
export function eachOf(prefix: string, next: string): readonly string[] {
  return [...next].map((character) => prefix + character);
}
