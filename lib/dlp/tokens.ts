import { hideValues } from "./hide-values";
import { normalize } from "./normalize";

/** What one inspection may do with tokens. */
export interface Tokens {
  /** The token that stands for the value: the same for the same entity and value, `EMAIL_ADDRESS_k7f3q2m9xa`. */
  tokenFor(entity: string, value: string): string;
  /** The tokens to be put back, in order of place; none in a request, where a token is text like any other. */
  findIn(text: string): readonly FoundToken[];
  /** Where a token to be put back may begin at the end of a text of which more will come; the text's length where none does. */
  openAt(text: string): number;
}

/** A token in a text, and what it stands for. */
export interface FoundToken {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/**
 * The tokens of one call: made in its request, put back in its answer, and known to nobody else. Values live in here as
 * long as the call does; nothing that prints the vault shows them.
 */
export interface TokenVault {
  readonly request: Tokens;
  /** Puts back what the request's tokens stand for; a token made for the answer itself stays one. */
  readonly answer: Tokens;
  /** How many values the request's tokens stand for. */
  size(): number;
  /** What was delivered of an answer with tokens where values were put back. `cut`: it is not the whole text. */
  hide(delivered: string, cut: boolean): string;
}

/** The digest that tokens are made of: at least 50 bits, keyed so that nobody outside the scope can compute it. */
export type TokenDigest = (text: string) => Uint8Array;

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const CODE_LENGTH = 10;
/** Behind the underscore of a token; overlapping ones are all found. */
const CODE = /_(?=([0-9a-hjkmnp-tv-z]{10}))/g;
const PART_OF_CODE = /^[0-9a-hjkmnp-tv-z]*$/;

/** `digest` is called only when a token is made. */
export function createTokenVault(digest: TokenDigest): TokenVault {
  const values = new Map<string, string>();
  const types = new Set<string>();
  /** Value → its token, of those that the answer had. */
  const putBack = new Map<string, string>();
  const mint = (entity: string, value: string): string => {
    const token = tokenUnlessTaken(values, digest, entity, value);
    values.set(token, value);
    types.add(typeOf(entity));
    return token;
  };
  return Object.freeze({
    request: Object.freeze({ tokenFor: mint, findIn: () => [], openAt: (text: string) => text.length }),
    answer: Object.freeze({
      tokenFor: (entity: string, value: string) => tokenUnlessTaken(values, digest, entity, value),
      findIn(text: string) {
        const found = values.size === 0 ? [] : findTokens(text, types, values);
        for (const { start, end, value } of found) putBack.set(value, text.slice(start, end));
        return found;
      },
      openAt: (text: string) => openTokenAt(text, types),
    }),
    size: () => values.size,
    hide: (delivered: string, cut: boolean) => hideValues(delivered, putBack, cut),
  });
}

/** Two ways to write one value share a token across calls; within a call each is put back as it was written. */
function tokenUnlessTaken(
  values: ReadonlyMap<string, string>,
  digest: TokenDigest,
  entity: string,
  value: string,
): string {
  const type = typeOf(entity);
  const token = tokenOf(type, digest(`${entity}\0${normalize(value).text}`));
  const taken = (values.get(token) ?? value) !== value;
  return taken ? tokenOf(type, digest(`${entity}\0\0${value}`)) : token;
}

function tokenOf(type: string, digest: Uint8Array): string {
  let bits = 0n;
  for (const byte of digest.subarray(0, 8)) bits = (bits << 8n) | BigInt(byte);
  let code = "";
  for (let rest = bits >> 14n; code.length < CODE_LENGTH; rest >>= 5n) code = DIGITS.charAt(Number(rest & 31n)) + code;
  return `${type}_${code}`;
}

/** Letters, digits and underscores in one case, whatever a custom rule is called. */
function typeOf(entity: string): string {
  const type = entity
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return type === "" ? "VALUE" : type;
}

function findTokens(text: string, types: ReadonlySet<string>, values: ReadonlyMap<string, string>): FoundToken[] {
  const found: FoundToken[] = [];
  for (const match of text.matchAll(CODE)) {
    for (const type of types) {
      const start = match.index - type.length;
      const end = match.index + 1 + CODE_LENGTH;
      const value = start < (found.at(-1)?.end ?? 0) ? undefined : values.get(text.slice(start, end));
      if (value === undefined) continue;
      found.push({ start, end, value });
      break;
    }
  }
  return found;
}

function openTokenAt(text: string, types: ReadonlySet<string>): number {
  let open = text.length;
  for (const type of types) {
    const name = `${type}_`;
    const from = Math.max(0, text.length - name.length - CODE_LENGTH + 1);
    for (let at = from; at < open; at += 1) if (isPrefix(text, at, name)) open = at;
  }
  return open;
}

/** Whether the text from `at` on may be the beginning of a token. */
function isPrefix(text: string, at: number, name: string): boolean {
  const tail = text.slice(at);
  if (tail.length <= name.length) return name.startsWith(tail);
  return tail.startsWith(name) && PART_OF_CODE.test(tail.slice(name.length));
}
