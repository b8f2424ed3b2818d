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
    const { start, end } = pairsAround(text, index + pair.length);
    if (isConnection(text.slice(start, end), text.slice(index + pair.length, end), pair.endsWith("Key="))) {
      findings.push({ entity: "CONNECTION_STRING", rule: "connection-pairs", start, end, score: 0.85 });
    }
    read = end;
  }
  return findings;
}

function isConnection(pairs: string, fromSecret: string, isKey: boolean): boolean {
  const [secret = ""] = fromSecret.split(";", 1);
  if (isKey && !(secret.length >= SHORTEST_KEY && looksRandom(secret))) return false;
  const located = pairs.includes(";") && pairs.split(";").some((pair) => LOCATOR.test(pair));
  return located && secret.length >= 4 && !isStandIn(secret) && !/^[{$<%[]/.test(secret);
}

/** All pairs that belong with the one whose value begins at `valueStart`. */
function pairsAround(text: string, valueStart: number): { readonly start: number; readonly end: number } {
  VALUE.lastIndex = valueStart;
  FURTHER.lastIndex = valueStart + (VALUE.exec(text)?.[0].length ?? 0);
  const end = FURTHER.lastIndex + (FURTHER.exec(text)?.[0].length ?? 0);
  return { start: firstPair(text, valueStart), end: Math.max(end, valueStart) };
}

/** Where the name begins that ends at `at`: behind a semicolon with all its words, elsewhere the last of them. */
function nameStart(text: string, at: number): number {
  const name = /[A-Za-z][A-Za-z0-9_. ]{0,40}$/.exec(text.slice(Math.max(0, at - 42), at))?.[0] ?? "";
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
