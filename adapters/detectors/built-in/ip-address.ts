import { isIPv6 } from "node:net";
import type { Detector, Finding } from "../../../lib/ports/detector";
import { contextOf, surroundingsOf } from "../context-words";
import { vocabularyOf } from "../vocabulary";
import { unbrokenRunAt } from "./unbroken-run";

const ENTITY = "IP_ADDRESS";
const MAX_LENGTH = 72;
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const V4 = new RegExp(`(?<![\\w.+-]|\\d,)(?:${OCTET}\\.){3}${OCTET}(?![\\w]|\\.\\d|-\\d)`, "g");
const V6_RUN = /(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:|::)[0-9A-Fa-f:.]{0,45}(?:%[A-Za-z0-9_.-]{1,16})?(?![\w:])/g;
/** Nobody's address: loopback, unspecified, broadcast and net masks. */
const NOBODY = /^(?:127\.|0\.|255\.)/;
/** Eight words have seven between them; six words and four bytes have six. */
const FEWEST_COLONS = 6;
const [COLON, STOP] = [58, 46];
const VERSION = contextOf("version|versions|v|ver|release|build|oid|section|chapter");
const mayBeVersion = vocabularyOf([VERSION]);

/** Addresses of IPv4 and IPv6. Loopback and masks score least; after the word "version" it is none. */
export function ipAddressDetector(): Detector {
  return Object.freeze({
    name: "ip-address",
    entities: Object.freeze([ENTITY]),
    maxLength: MAX_LENGTH,
    detect,
    openAt: (text: string) => unbrokenRunAt(text, MAX_LENGTH),
  });
}

function detect(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  if (text.includes(".")) addFourBytes(text, findings);
  if (text.includes(":")) addEightWords(text, findings);
  return findings;
}

function addFourBytes(text: string, findings: Finding[]): void {
  V4.lastIndex = 0;
  for (let match = V4.exec(text); match !== null; match = V4.exec(text)) {
    const { 0: address, index: start } = match;
    const end = start + address.length;
    const isVersion = mayBeVersion(text, start) && surroundingsOf(text, start, end).has(VERSION);
    const score = isVersion ? 0.3 : NOBODY.test(address) ? 0.5 : 0.75;
    findings.push({ entity: ENTITY, rule: "ipv4", start, end, score });
  }
}

function addEightWords(text: string, findings: Finding[]): void {
  V6_RUN.lastIndex = 0;
  for (let match = V6_RUN.exec(text); match !== null; match = V6_RUN.exec(text)) {
    const { 0: run, index: start } = match;
    const end = start + run.length - (isPunctuated(run) ? 1 : 0);
    if (!isComplete(text, start, end)) continue;
    const address = text.slice(start, end);
    if (!isIPv6(address) || !hasSubstance(address)) continue;
    findings.push({ entity: ENTITY, rule: "ipv6", start, end, score: address === "::1" ? 0.5 : 0.75 });
  }
}

/** Whether the last character belongs to the sentence. */
function isPunctuated(run: string): boolean {
  const last = run.charCodeAt(run.length - 1);
  return last === STOP || (last === COLON && run.charCodeAt(run.length - 2) !== COLON);
}

/** Eight words, six and four bytes, or words left out: what `a:b` is not need not be read closely. */
function isComplete(text: string, start: number, end: number): boolean {
  let colons = 0;
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) !== COLON) continue;
    colons += 1;
    if (colons === FEWEST_COLONS || (at + 1 < end && text.charCodeAt(at + 1) === COLON)) return true;
  }
  return false;
}

/** `::`, `a::b` and `std::fe` are written in code far more often than in networks. */
function hasSubstance(address: string): boolean {
  return /\d/.test(address) || /[^:]:+[^:]+:+[^:]/.test(address);
}
