import type { Detector, Finding } from "../../../lib/ports/detector";
import { unbrokenRunAt } from "../built-in/unbroken-run";
import { entropyOf } from "./entropy";
import { isJwt } from "./json-web-token";
import { literalSearch } from "./literal-index";
import { isMask } from "./placeholders";
import type { TokenFormat } from "./token-format";
import { TOKEN_FORMATS } from "./token-formats";

/** A format at one of its literals, ready to run. */
interface Rule {
  readonly format: TokenFormat;
  readonly literalLength: number;
  /** Tried where the literal ends; sticky. */
  readonly rest: RegExp;
  /** Tried on the text before the literal; null where the token begins with the literal. */
  readonly before: RegExp | null;
}

const ENTITIES = Object.freeze(["API_KEY", "JWT", "PRIVATE_KEY"]);
/** No format has more before its literal. */
const LOOK_BACK = 160;
/** A JSON web token with many claims. */
const MAX_LENGTH = 16_384;
const LONGEST_LINE = 420;
const SPACED = TOKEN_FORMATS.filter((format) => format.spaced === true).flatMap((format) => format.literals);
const WORD = new Uint8Array(128);
for (let code = 0; code < WORD.length; code++) WORD[code] = /\w/.test(String.fromCharCode(code)) ? 1 : 0;
/** `\n` and `%3D` in front of a token belong to the text that quotes it. */
const ESCAPE_BEFORE = /(?:\\[nrt]|%[0-9A-Fa-f]{2}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2})$/;

/** Tokens that services issue in a shape of their own; the rule names the service. */
export function apiTokenDetector(): Detector {
  const rules = compile(TOKEN_FORMATS);
  const preceded = compile(
    TOKEN_FORMATS.filter(({ before }) => before !== undefined),
    rules.keys(),
  );
  const search = literalSearch(rules.keys());
  const detect = (text: string): readonly Finding[] => {
    const findings: Finding[] = [];
    let claimed = 0;
    search(text, (literal, at) => {
      if (at < claimed) return;
      const inside = isInsideWord(text, at);
      const likely = (inside ? preceded : rules).get(literal);
      if (likely === undefined) return;
      const found = longestAt(text, at, likely);
      if (found !== null) findings.push(found);
      claimed = found?.end ?? claimed;
    });
    return findings;
  };
  return Object.freeze({
    name: "api-token",
    entities: ENTITIES,
    secrets: ENTITIES,
    maxLength: MAX_LENGTH,
    detect,
    openAt,
  });
}

/** A token has no white space, but for a few whose line has to be waited for. */
function openAt(text: string): number {
  const line = Math.max(text.lastIndexOf("\n") + 1, text.length - LONGEST_LINE);
  const begun = SPACED.map((literal) => text.indexOf(literal, line)).filter((at) => at !== -1);
  return Math.min(unbrokenRunAt(text, MAX_LENGTH), ...begun);
}

/** By literal, of those that have any. A literal that begins with a shorter one also stands for that. */
function compile(formats: readonly TokenFormat[], seen?: Iterable<string>): ReadonlyMap<string, readonly Rule[]> {
  const rules = formats.flatMap((format) =>
    format.literals.map((literal) => ({ literal, rule: ruleOf(format, literal) })),
  );
  const literals = new Set(seen ?? rules.map(({ literal }) => literal));
  const found = [...literals].map((one) => {
    const own = rules.filter(({ literal }) => one.startsWith(literal)).map(({ rule }) => rule);
    return [one, own] as const;
  });
  return new Map(found.filter(([, own]) => own.length > 0));
}

function ruleOf(format: TokenFormat, literal: string): Rule {
  const { rest, before } = format;
  return {
    format,
    literalLength: literal.length,
    rest: new RegExp(`(?:${rest})(?![A-Za-z0-9_])`, "y"),
    before: before === undefined ? null : new RegExp(`(?:${before})$`),
  };
}

/** The longest token of those whose literal stands at `at`. */
function longestAt(text: string, at: number, rules: readonly Rule[]): Finding | null {
  let best: Finding | null = null;
  for (const rule of rules) {
    const found = tokenAt(text, at, rule);
    if (found !== null && found.end > (best?.end ?? 0)) best = found;
  }
  return best;
}

function tokenAt(text: string, at: number, rule: Rule): Finding | null {
  const start = startOf(text, at, rule);
  if (start === null) return null;
  rule.rest.lastIndex = at + rule.literalLength;
  if (!rule.rest.test(text)) return null;
  const end = rule.rest.lastIndex;
  const { name, entity = "API_KEY", entropy = 0 } = rule.format;
  const token = text.slice(start, end);
  if (
    isMask(text.slice(at + rule.literalLength, end)) ||
    entropyOf(token) < entropy ||
    (entity === "JWT" && !isJwt(token))
  )
    return null;
  return { entity, rule: name, start, end, score: 0.95 };
}

/** Where the token begins whose literal stands at `at`; null where it would begin inside a word. */
function startOf(text: string, at: number, { before }: Rule): number | null {
  if (before !== null) {
    const found = before.exec(text.slice(Math.max(0, at - LOOK_BACK), at));
    return found === null ? null : at - found[0].length;
  }
  return isInsideWord(text, at) ? null : at;
}

/** An escape in front belongs to the text that quotes a token, not to a word. */
function isInsideWord(text: string, at: number): boolean {
  if (at === 0 || !isWord(text.charCodeAt(at - 1)) || !isWord(text.charCodeAt(at))) return false;
  return !(mayBeEscaped(text, at) && ESCAPE_BEFORE.test(text.slice(Math.max(0, at - 6), at)));
}

function isWord(code: number): boolean {
  return code < 128 && WORD[code] === 1;
}

function mayBeEscaped(text: string, at: number): boolean {
  return text.charAt(at - 3) === "%" || text.slice(Math.max(0, at - 6), at).includes("\\");
}
