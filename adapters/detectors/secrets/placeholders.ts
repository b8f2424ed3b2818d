/** Words that authors of examples write where a secret would be. */
const WORDS =
  /example|placeholder|dummy|changeme|change_me|change-me|replace|insert|redacted|removed|sample|your[-_]?|my[-_]?(?:api|secret|token|key|pass)|yourkey|todo|fixme|fake|mock|foobar|deadbeef|lorem|ipsum/i;
/** What masks and abridges. */
const MASK = /\*{3,}|\.{3}|…|x{5,}/i;
/** One character over and over; long tokens may have zeros in a row that say something. */
const REPEATED = /(.)\1{5,}/i;
const PART_REPEATED = 8;
const FEWEST_REPEATED = 3;
/** What tells a small letter from its capital. */
const CASE = 32;
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
  return (mayRepeat(text) && isRepetitive(text)) || LADDER.test(text) || text.includes("EXAMPLE");
}

function isRepetitive(text: string): boolean {
  const repeated = REPEATED.exec(text)?.[0].length ?? 0;
  return repeated * PART_REPEATED > text.length || MASK.test(text);
}

/** Whether a character of any case stands three times in a row, or one that is not of ASCII. */
function mayRepeat(text: string): boolean {
  let [last, run] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 128) return true;
    run = (code | CASE) === last ? run + 1 : 1;
    if (run === FEWEST_REPEATED) return true;
    last = code | CASE;
  }
  return false;
}
