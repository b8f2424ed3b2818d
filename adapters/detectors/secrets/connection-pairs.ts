import type { Detector, Finding } from "../../../lib/ports/detector";
import { unbrokenRunAt } from "../built-in/unbroken-run";
import { isStandIn } from "./placeholders";
import { looksRandom } from "./randomness";

const ENTITIES = Object.freeze(["CONNECTION_STRING"]);
const SECRET_PAIR = /(?:Account|Access)Key=|[Pp]assword=|PASSWORD=|[Pp]wd=|PWD=/g;
/** What tells where to connect to, or as whom; one of the pairs must. */
const LOCATOR =
  /^\s?(?:server|host(?:name)?|data source|endpoint|defaultendpointsprotocol|accountname|addr(?:ess)?|network address|driver|provider|initial catalog|database|uid|user ?id|user(?:name)?|port|accountendpoint)=/i;
const EDGE = /[;"'`\n\r]/;
const NAME_BEGUN = /^\s?[A-Za-z0-9_. ]{0,42}$/;
const SHORTEST_KEY = 20;
const SHORTEST_PASSWORD = 4;
const LONGEST_NAME = 41;
const IN_NAME = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9_. ]/.test(String.fromCharCode(code)) ? 1 : 0,
);
const PAIRS = 8;
const MAX_LENGTH = 6_000;
const LONGEST_PAIR = 300;
const VALUE = /[^;"'`\s&<>]{0,256}/y;
/** `;Name=value`, any number of times. */
const FURTHER = /(?:;\s?[A-Za-z][A-Za-z0-9_ .]{0,39}[A-Za-z0-9_]=[^;"'`\n\r<>]{0,240}){0,12};?/y;

/** `Server=…;User Id=…;Password=…`, as databases and cloud services write it. */
export function connectionPairsDetector(): Detector {
  return Object.freeze({
    name: "connection-pairs",
    entities: ENTITIES,
    secrets: ENTITIES,
    maxLength: MAX_LENGTH,
    detect,
    openAt,
  });
}

/** The pairs that a text ends with; without any, the word that may name the first. */
function openAt(text: string): number {
  const semicolon = text.lastIndexOf(";");
  const naming = semicolon !== -1 && NAME_BEGUN.test(text.slice(semicolon + 1));
  const before = naming ? firstPair(text, semicolon) : text.length;
  return Math.min(unbrokenRunAt(text, LONGEST_PAIR), firstPair(text, text.length), before);
}

function detect(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  let read = 0;
  for (const { 0: pair, index } of text.matchAll(SECRET_PAIR)) {
    if (index < read) continue;
    const valueStart = index + pair.length;
    read = pairsEnd(text, valueStart);
    if (!isSecret(text.slice(valueStart, read), pair.endsWith("Key="))) continue;
    const start = firstPair(text, valueStart);
    if (!isLocated(text.slice(start, read))) continue;
    findings.push({ entity: "CONNECTION_STRING", rule: "connection-pairs", start, end: read, score: 0.85 });
  }
  return findings;
}

function isSecret(pairs: string, isKey: boolean): boolean {
  const semicolon = pairs.indexOf(";");
  const secret = semicolon === -1 ? pairs : pairs.slice(0, semicolon);
  if (secret.length < (isKey ? SHORTEST_KEY : SHORTEST_PASSWORD) || /^[{$<%[]/.test(secret)) return false;
  return (!isKey || looksRandom(secret)) && !isStandIn(secret);
}

function isLocated(pairs: string): boolean {
  return pairs.includes(";") && pairs.split(";").some((pair) => LOCATOR.test(pair));
}

/** Where the pairs end of which the value of one begins at `valueStart`. */
function pairsEnd(text: string, valueStart: number): number {
  VALUE.lastIndex = valueStart;
  VALUE.test(text);
  FURTHER.lastIndex = VALUE.lastIndex;
  FURTHER.test(text);
  return FURTHER.lastIndex;
}

/** As much as may be a name, from a letter on. */
function nameBefore(text: string, at: number): string {
  let start = at;
  while (start > at - LONGEST_NAME && IN_NAME[text.charCodeAt(start - 1)] === 1) start -= 1;
  while (start < at && !/[A-Za-z]/.test(text.charAt(start))) start += 1;
  return text.slice(start, at);
}

/** Where the name begins that ends at `at`: behind a semicolon with all its words, elsewhere the last of them. */
function nameStart(text: string, at: number): number {
  const name = nameBefore(text, at);
  const joined = /;\s?$/.test(text.slice(Math.max(0, at - name.length - 2), at - name.length));
  return at - (joined ? name.length : name.length - 1 - name.lastIndexOf(" "));
}

/** Where the pairs begin of which the last is read up to `at`; `at` where that is none. */
function firstPair(text: string, at: number): number {
  let start = at;
  let end = at;
  for (let count = 0; count <= PAIRS; count++) {
    const assigned = assignedBefore(text, end);
    if (assigned === -1) break;
    start = nameStart(text, assigned);
    end = /\s/.test(text.charAt(start - 1)) ? start - 2 : start - 1;
    if (text.charAt(end) !== ";") break;
  }
  return start;
}

/** Where the `=` of the pair is that is read up to `end`; -1 where there is none. */
function assignedBefore(text: string, end: number): number {
  const floor = Math.max(0, end - LONGEST_PAIR);
  let start = end;
  while (start > floor && !EDGE.test(text.charAt(start - 1))) start -= 1;
  const offset = text.slice(start, end).indexOf("=");
  return offset < 1 || !/[A-Za-z0-9_]/.test(text.charAt(start + offset - 1)) ? -1 : start + offset;
}
