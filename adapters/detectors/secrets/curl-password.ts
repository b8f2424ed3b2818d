import type { Detector, Finding } from "../../../lib/ports/detector";
import { unbrokenRunAt } from "../built-in/unbroken-run";
import { entropyOf } from "./entropy";
import { isStandIn } from "./placeholders";

const ENTITIES = Object.freeze(["GENERIC_SECRET"]);
const MAX_LENGTH = 200;
/** How much of a command is read. */
const COMMAND = 480;
/** A command goes on in the next line where a backslash ends this one. */
const COMMAND_END = /(?<!\\)\r?\n/;
const OPTION = /\s(?:-u|--user)(?:=|[ \t]{0,5})/g;
/** `user:password`, quoted whole, in parts or not at all; the user may be missing. */
const PAIR = /(["']?)[^\s:"'`<>]{0,100}["']?:["']?([^\s"'`<>]{1,100})(?=["'\s]|$)/y;
const LONGEST_USER = 100;
/** 0 for what ends a user's name. */
const IN_USER = Uint8Array.from({ length: 128 }, (_, code) => (/[\s:"'`<>]/.test(String.fromCharCode(code)) ? 0 : 1));
/** `token:`, without a password. */
const TOKEN = /(?:(["'])([^\s:"'`<>]{10,100}):\1|()([^\s:"'`<>]{10,100}):(?=\s|$))/y;
const WEAK =
  /^(?:p(?:ass)?w(?:or)?d|pass|secret|token|test(?:ing)?|change(?:it|me)|admin|root|user(?:name)?|x+|y+|api[-_]?key)$/i;
const FILLED_IN = /^\$|\$[({]|^\[|\{\{|^%/;

/** What follows `curl -u user:`; where that is nothing, the token that stands for the user. */
export function curlPasswordDetector(): Detector {
  const detect = (text: string): readonly Finding[] => {
    const findings: Finding[] = [];
    let option = 0;
    for (let at = text.indexOf("curl"), next; at !== -1 && option !== -1; at = next) {
      next = text.indexOf("curl", at + 4);
      if (option < at) option = text.indexOf("-u", at);
      const until = next === -1 ? text.length : next;
      if (option !== -1 && option < until) findings.push(...passwordsIn(text, at, until));
    }
    return findings;
  };
  return Object.freeze({
    name: "curl-password",
    entities: ENTITIES,
    secrets: ENTITIES,
    maxLength: MAX_LENGTH,
    detect,
    openAt: (text: string) => unbrokenRunAt(text, MAX_LENGTH),
  });
}

function passwordsIn(text: string, at: number, next: number): readonly Finding[] {
  const rest = text.slice(at, Math.min(next, at + COMMAND));
  if (!rest.includes("-u")) return [];
  const command = rest.includes("\n") ? rest.slice(0, COMMAND_END.exec(rest)?.index ?? COMMAND) : rest;
  const findings: Finding[] = [];
  OPTION.lastIndex = 0;
  while (OPTION.test(command)) {
    const place = mayBePair(text, at + OPTION.lastIndex) ? passwordAt(text, at + OPTION.lastIndex) : null;
    if (place !== null) findings.push({ entity: "GENERIC_SECRET", rule: "curl-password", ...place, score: 0.7 });
  }
  return findings;
}

/** Whether a colon ends what stands at `at`, quoted or not; without one there is no pair and no token. */
function mayBePair(text: string, at: number): boolean {
  let end = isQuote(text.charCodeAt(at)) ? at + 1 : at;
  const limit = end + LONGEST_USER;
  while (end < limit && IN_USER[text.charCodeAt(end)] !== 0) end += 1;
  return text.charAt(isQuote(text.charCodeAt(end)) ? end + 1 : end) === ":";
}

function isQuote(code: number): boolean {
  return code === 34 || code === 39;
}

function passwordAt(text: string, at: number): { readonly start: number; readonly end: number } | null {
  PAIR.lastIndex = at;
  const [pair = "", , password = ""] = PAIR.exec(text) ?? [];
  const end = at + pair.length;
  if (isPassword(password)) return { start: end - password.length, end };
  TOKEN.lastIndex = at;
  const [, quote = "", quoted = "", , bare = ""] = TOKEN.exec(text) ?? [];
  const start = at + quote.length;
  return isToken(quoted + bare) ? { start, end: start + quoted.length + bare.length } : null;
}

function isPassword(value: string): boolean {
  return value.length >= 4 && entropyOf(value) >= 2 && !isStandIn(value) && !WEAK.test(value) && !FILLED_IN.test(value);
}

function isToken(user: string): boolean {
  return user.length >= 10 && /\d/.test(user) && isPassword(user);
}
