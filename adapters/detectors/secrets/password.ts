import type { Detector, Finding } from "../../../lib/ports/detector";
import { unbrokenRunAt } from "../built-in/unbroken-run";
import { entropyOf } from "./entropy";
import { literalSearch } from "./literal-index";
import { isStandIn } from "./placeholders";
import { looksRandom } from "./randomness";

const ENTITIES = Object.freeze(["GENERIC_SECRET"]);
const MAX_LENGTH = 104;
const WORDS = ["password", "passwort", "passwd", "passphrase", "contraseña", "mot de passe"];
const NAMES = [...WORDS, "pwd"].flatMap((word) => [word, word.toUpperCase(), capital(word)]);
/** What these name is random; it counts here where signs are in it, quoted. */
const KEY_NAMES: ReadonlySet<string> = new Set(
  ["secret", "token", "api_key", "api-key", "apikey", "secret_key", "access_key"].flatMap((word) => [
    word,
    word.toUpperCase(),
    capital(word),
  ]),
);
/** One may be a slip in a key that has none. */
const SIGNS = /[!@#$%^&*()?~].{0,100}[!@#$%^&*()?~]/;
const SHORTEST_KEY = 16;
/** The rest of the name, and what assigns; the pair `value: …` below or beside `name: …`, as manifests have it. */
const ASSIGNED =
  /[A-Za-z0-9_-]{0,24}\\?["'`\])]{0,2}\s{0,4}(?:,?\s{0,24}\\?["']?\bvalue\\?["']?\s?:|:\s{0,2}[Ss]tring\s{0,2}=|=>|:=|={1,3}|:|,|\bis\b:?)\s{0,4}/y;
/** What a password stands beside, nothing between: in a .netrc, a Dockerfile and a command. */
const BESIDE: ReadonlyMap<string, RegExp> = new Map([
  ["login", /\s{1,8}\S{1,64}\s{1,8}password[ \t]{1,4}(?!["']?\$)/y],
  ["ENV", /[ \t]{1,4}[A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|PWD)[A-Z0-9_]{0,24}[ \t]{1,4}(?!["']?\$)/y],
  ["sshpass", /[ \t]{1,4}-p[ \t]{0,4}(?!["']?\$)/y],
]);
const QUOTED = /\\?(["'`])([^"'`\\\s]{6,100})\\?\1/y;
const SHORTEST = 6;
const LONGEST = 100;
/** What ends a bare value, and a character that would leave it open what it belongs to. */
const ENDS_BARE = /[\s"'`<>,;|]/;
const ENDS_ASCII = Uint8Array.from({ length: 128 }, (_, code) => (ENDS_BARE.test(String.fromCharCode(code)) ? 1 : 0));
/** Code that gets the password from somewhere, and types. */
const CODE =
  /[()[\]{}]|^\w+(?:\.\w+)+$|::|->|=>|^(?:string|boolean|null|undefined|required|optional|true|false)\b|^\/|:\/\/|^@|^&|^\*|^#|^%[sdvq]/i;
const CAMEL_CASE = /^[A-Za-z]+\d{1,2}[A-Z][A-Za-z]*$/;
const CODE_OF_KEY = /::|->|=>|:\/\/|^\/|[A-Za-z]{3}\(|^[#@.%$&]/;
const URLISH = /^[a-z]+(?:[-_./][a-z]+)*$/i;

/** What people set as a password, where a name says that it is one. */
export function passwordDetector(): Detector {
  const search = literalSearch([...NAMES, ...KEY_NAMES, ...BESIDE.keys()]);
  const detect = (text: string): readonly Finding[] => {
    const findings: Finding[] = [];
    let claimed = 0;
    search(text, (literal, at) => {
      const finding = at < claimed ? null : passwordAfter(text, at + literal.length, literal);
      if (finding === null) return;
      findings.push(finding);
      claimed = finding.end;
    });
    return findings;
  };
  const openAt = (text: string): number => unbrokenRunAt(text, MAX_LENGTH);
  return Object.freeze({
    name: "password",
    entities: ENTITIES,
    secrets: ENTITIES,
    maxLength: MAX_LENGTH,
    detect,
    openAt,
  });
}

function passwordAfter(text: string, at: number, literal: string): Finding | null {
  const assigned = BESIDE.get(literal) ?? ASSIGNED;
  const isKey = KEY_NAMES.has(literal);
  assigned.lastIndex = at;
  if (!assigned.test(text)) return null;
  const from = assigned.lastIndex;
  QUOTED.lastIndex = from;
  const quoted = QUOTED.exec(text);
  const value = quoted === null ? bareAt(text, from).replace(/[.,;:!?]+$/, "") : (quoted[2] ?? "");
  if (isKey ? quoted === null || !isSignedKey(value) : !isPassword(value, quoted !== null)) return null;
  const start = quoted === null ? from : from + quoted[0].indexOf(value);
  return { entity: "GENERIC_SECRET", rule: "password", start, end: start + value.length, score: 0.6 };
}

/** What stands at `from` until white space or punctuation; empty where that is too little or too much. */
function bareAt(text: string, from: number): string {
  let end = from;
  while (end < text.length && end - from <= LONGEST && !endsBare(text, end)) end += 1;
  const closed = end - from >= SHORTEST && end - from <= LONGEST && text.charAt(end) !== ">";
  return closed ? text.slice(from, end) : "";
}

function endsBare(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 ? ENDS_ASCII[code] === 1 : ENDS_BARE.test(text.charAt(at));
}

/** Of three kinds of characters, or of two and long; a bare word of code is none. */
function isPassword(value: string, quoted: boolean): boolean {
  if (value.length < SHORTEST || !/\d/.test(value)) return false;
  const kinds = 1 + Number(/[a-z]/.test(value)) + Number(/[A-Z]/.test(value)) + Number(/[^A-Za-z0-9]/.test(value));
  if (kinds < 3 && !(quoted && kinds === 2 && value.length >= 8)) return false;
  return entropyOf(value) > 2.4 && !isStandIn(value) && !isCode(value);
}

function isCode(value: string): boolean {
  return CODE.test(value) || CAMEL_CASE.test(value) || URLISH.test(value);
}

function isSignedKey(value: string): boolean {
  if (value.length < SHORTEST_KEY || !SIGNS.test(value) || isStandIn(value) || CODE_OF_KEY.test(value)) return false;
  return looksRandom(value.replace(/[^A-Za-z0-9]/g, ""));
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
