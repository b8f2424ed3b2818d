import type { Detector, Finding } from "../../../lib/ports/detector";
import { runAtEnd } from "./run-at-end";

const ENTITY = "EMAIL_ADDRESS";
const LOCAL_LIMIT = 64;
/** Nine labels of a domain behind it, and the character that ends them. */
const MAX_LENGTH = LOCAL_LIMIT + 1 + 9 * 64 + 1;

/** What is common before the at sign; `/`, `=`, `?` and brackets are legal there and in practice end what came before. */
const ASCII_LOCAL = /[a-zA-Z0-9.!#$%&'*+^_~-]/;
const IS_LOCAL = Array.from({ length: 128 }, (_, code) => ASCII_LOCAL.test(String.fromCharCode(code)));
/** Alphabets that are written with spaces; of others only an address with nothing else before the at sign is taken. */
const SPACED_LETTER = /[\u00c0-\u058f]/;
const ANY_LETTER = /[\p{L}\p{N}\p{M}]/u;
const IN_ADDRESS = /[\p{L}\p{N}\p{M}.!#$%&'*+^_~@-]/u;
const LOCAL_EDGE = /[.!#$%&'*^~-]/;
const IS_EDGE = Array.from({ length: 128 }, (_, code) => LOCAL_EDGE.test(String.fromCharCode(code)));
const DOMAIN = /[\p{L}\p{N}][\p{L}\p{M}\p{N}-]{0,62}(?:\.[\p{L}\p{N}][\p{L}\p{M}\p{N}-]{0,62}){1,8}/uy;
/** What the last label begins with; digits behind it belong to what follows the address. */
const TOP_LEVEL = /^(?:xn--[a-z0-9-]{1,58}[a-z0-9]|\p{L}[\p{L}\p{M}]{1,62})/iu;
/** `icon@2x.png`, an image for dense screens. */
const DENSITY = /^\d(?:\.\d)?x\./;

/** Addresses of e-mail, read outwards from each at sign. */
export function emailAddressDetector(): Detector {
  return Object.freeze({
    name: "email-address",
    entities: Object.freeze([ENTITY]),
    maxLength: MAX_LENGTH,
    detect,
    openAt,
  });
}

/** A word may become an address as long as it goes on. */
function openAt(text: string): number {
  return runAtEnd(text, IN_ADDRESS, MAX_LENGTH);
}

function detect(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const finding = addressAround(text, at);
    if (finding !== null) findings.push(finding);
  }
  return findings;
}

function addressAround(text: string, at: number): Finding | null {
  if (!beginsDomain(text, at + 1)) return null;
  const start = localStart(text, at);
  if (start === at) return null;
  const end = domainEnd(text, at + 1);
  if (end === at + 1 || isRemote(text, start, at, end)) return null;
  return { entity: ENTITY, rule: ENTITY, start, end, score: 1 };
}

function localStart(text: string, at: number): number {
  let start = at;
  const floor = Math.max(0, at - LOCAL_LIMIT);
  while (start > floor && isLocal(text.charCodeAt(start - 1))) start -= 1;
  if (start === at) while (start > floor && ANY_LETTER.test(text.charAt(start - 1))) start -= 1;
  while (start < at && IS_EDGE[text.charCodeAt(start)] === true) start += 1;
  return start;
}

function isLocal(code: number): boolean {
  return code < 128 ? IS_LOCAL[code] === true : SPACED_LETTER.test(String.fromCharCode(code));
}

/** False for ASCII characters with which no domain begins: tells most at signs apart that stand for something else. */
function beginsDomain(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 128 || isAsciiLetter(code) || (code >= 48 && code <= 57);
}

/** Where the domain ends; `from` when there is none. Labels behind the last possible top-level domain are left out. */
function domainEnd(text: string, from: number): number {
  DOMAIN.lastIndex = from;
  if (!DOMAIN.test(text)) return from;
  const domain = text.slice(from, DOMAIN.lastIndex);
  if (DENSITY.test(domain)) return from;
  let end = domain.length;
  for (let dot = domain.lastIndexOf("."); dot > 0; dot = domain.lastIndexOf(".", dot - 1)) {
    const length = topLevelLength(domain.slice(dot + 1, end));
    if (length > 0) return from + dot + 1 + length;
    end = dot;
  }
  return from;
}

/** How much of the label is a top-level domain. */
function topLevelLength(label: string): number {
  let letters = 0;
  while (isAsciiLetter(label.charCodeAt(letters))) letters += 1;
  if (letters === label.length) return letters > 1 ? letters : 0;
  return TOP_LEVEL.exec(label)?.[0].length ?? 0;
}

function isAsciiLetter(code: number): boolean {
  const letter = code | 32;
  return letter >= 97 && letter <= 122;
}

/** `git@host:path` names a repository. */
function isRemote(text: string, start: number, at: number, end: number): boolean {
  return text.slice(start, at) === "git" && text.charAt(end) === ":";
}
