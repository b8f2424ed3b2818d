/** Words that authors of examples write where a secret would be. */
const WORDS =
  /example|placeholder|dummy|changeme|change_me|change-me|replace|insert|redacted|removed|sample|your[-_]?|my[-_]?(?:api|secret|token|key|pass)|yourkey|todo|fixme|fake|mock|foobar|deadbeef|lorem|ipsum/i;
/** What masks and abridges. */
const MASK = /\*{3,}|\.{3}|…|x{5,}/i;
/** One character over and over; long tokens may have zeros in a row that say something. */
const REPEATED = /(.)\1{5,}/i;
const PART_REPEATED = 8;
/** Counting up: `12345678`, `abcdefgh`; nobody's secret. */
const LADDER = /0?123456789|abcdefghijkl|qwertyuiop|0123456789abcdef/i;
/** Filled in later: `${NAME}`, `{{name}}`, `<name>`, `%NAME%`, `$(command)`, `process.env.NAME`. */
const TEMPLATE = /\$\{|\{\{|\}\}|<[^<>]{1,80}>|^%[A-Za-z_]{2,60}%$|\$\(|process\.env|os\.environ|getenv/;

/** Whether a text only stands where a secret would be. */
export function isStandIn(text: string): boolean {
  return WORDS.test(text) || isMask(text) || TEMPLATE.test(text);
}

/** The part of it that holds for tokens of a known format, whose random characters may spell a word. */
export function isMask(text: string): boolean {
  const repeated = REPEATED.exec(text)?.[0].length ?? 0;
  return repeated * PART_REPEATED > text.length || MASK.test(text) || LADDER.test(text) || /EXAMPLE/.test(text);
}
