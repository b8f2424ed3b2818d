import type { Detector, Finding } from "../../../lib/ports/detector";
import { literalSearch } from "../secrets/literal-index";
import { contextOf, surroundingsOf } from "../context-words";

const ENTITY = "DATE_OF_BIRTH";
const MONTHS =
  "jan(?:uary|uar|vier|ner)?|feb(?:ruary|ruar)?|fév(?:rier)?|mar(?:ch|s)?|märz?|apr(?:il)?|avr(?:il)?|ma[iy]|june?|juni|juin|jul[iy]?|juillet|aug(?:ust)?|août|sep(?:t(?:ember|embre)?)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|de[cz](?:ember)?|déc(?:embre)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre";
const YEAR = "(?:19|20)\\d{2}";
const DAY = "(?:0?[1-9]|[12]\\d|3[01])";
const MONTH = "(?:0?[1-9]|1[0-2])";
const TWO_DIGIT_MONTH_AND_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])";
const MAX_LENGTH = 40;
/** What a date may begin with, and nothing that no date has. */
const BEGUN = /(?<![\p{L}\p{N}])[\p{L}\p{N}][\p{L}\p{N}.,/ º-]{0,40}$/u;
const DATE = new RegExp(
  `(?<![\\p{L}\\p{N}./-])(?:${YEAR} ?[年년] ?${MONTH} ?[月월] ?${DAY}[日일]|(?:${YEAR}${TWO_DIGIT_MONTH_AND_DAY}|${YEAR}([-./])${MONTH}\\1${DAY}|(?:${DAY}([-./ ])${MONTH}|${MONTH}([-./ ])${DAY})(?:\\2|\\3)(?:${YEAR}|\\d{2})|${DAY}(?:st|nd|rd|th|\\.|º)?[ -](?:of |de )?(?:${MONTHS})\\.?,?[ -](?:de |del )?${YEAR}|(?:${MONTHS})\\.? ${DAY}(?:st|nd|rd|th)?,? ${YEAR})(?![\\p{L}\\p{N}]|[-./]\\d))`,
  "iuy",
);
/** 1 for what a date may begin with, 2 for what may not stand before it; others than these are for the pattern to judge. */
const BEGINS = 1;
const JOINED = 2;
const INITIALS = new Set(MONTHS.split("|").map((name) => name.charAt(0)));
const EDGES = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return (
    (/[0-9]/.test(character) || INITIALS.has(character.toLowerCase()) ? BEGINS : 0) |
    (/[A-Za-z0-9./-]/.test(character) ? JOINED : 0)
  );
});
const CONTEXT = contextOf(
  "born|birth|birthday|birthdate|dob|d o b|date of birth|bday|geburtsdatum|geburtstag|geboren|geb|né|née|naissance|date de naissance|nacimiento|nacido|nacida|fecha de nacimiento|nascita|nato|nata|nascimento|nasceu|geboortedatum|urodzenia|urodzony|urodzona|data urodzenia|född|födelsedatum|syntynyt|syntymäaika|doğum|doğum tarihi|生年月日|出生日期|생년월일",
);

/** Beginnings of those words: where none stands no date needs to be looked for. */
const STEMS =
  "birth born dob d.o.b bday geb né naiss nacim nacid nasc nato nata geboor urodz född födel synt doğum".split(" ");
const STEM = literalSearch([
  ...STEMS.flatMap((stem) => [stem, stem.toUpperCase(), stem.charAt(0).toUpperCase() + stem.slice(1)]).filter(
    (stem) => stem.length > 2,
  ),
  ...["生年月日", "出生日期", "생년월일", "née", "Née", "né ", "Né "],
]);
const REACH = 100;
/** The longest name of a month, and what may stand between it and the day. */
const BEFORE_DIGIT = 16;

/** A date that the words around it call someone's birth. Dates alone are not found. */
export function dateOfBirthDetector(): Detector {
  return Object.freeze({
    name: "date-of-birth",
    entities: Object.freeze([ENTITY]),
    maxLength: MAX_LENGTH,
    detect,
    openAt,
  });
}

/** Behind a word of birth, from the first digit or name of a month on: a date may be under way. */
function openAt(text: string): number {
  const from = Math.max(0, text.length - MAX_LENGTH);
  const stems: number[] = [];
  STEM(text.slice(Math.max(0, from - REACH)), (_, at) => stems.push(at));
  const begun = stems.length > 0 ? BEGUN.exec(text.slice(from))?.index : undefined;
  return begun === undefined ? text.length : from + begun;
}

function detect(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  let read = 0;
  let digit = 0;
  STEM(text, (_, at) => {
    const until = Math.min(text.length, at + REACH);
    const from = Math.max(read, at);
    read = Math.max(read, until);
    if (from >= until) return;
    // There is no date without digits, and none begins long before its first.
    digit = nextDigit(text, Math.max(digit, from), until + MAX_LENGTH);
    if (digit >= until + MAX_LENGTH) return;
    const window = text.slice(0, Math.min(text.length, until + MAX_LENGTH));
    for (let start = Math.max(from, digit - BEFORE_DIGIT); start < until; start++) {
      if (!mayBeginDate(window, start)) continue;
      DATE.lastIndex = start;
      if (!DATE.test(window)) continue;
      const end = DATE.lastIndex;
      if (surroundingsOf(text, start, end).has(CONTEXT)) {
        findings.push({ entity: ENTITY, rule: ENTITY, start, end, score: 0.85, context: true });
      }
      start = end - 1;
    }
  });
  return findings;
}

function mayBeginDate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  return (
    (code >= 128 || ((EDGES[code] ?? 0) & BEGINS) !== 0) && !(before < 128 && ((EDGES[before] ?? 0) & JOINED) !== 0)
  );
}

/** Where the next digit stands; `limit` where there is none before that. */
function nextDigit(text: string, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) return at;
  }
  return limit;
}
