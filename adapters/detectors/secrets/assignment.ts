/** What a value belongs to. */
export interface Assignment {
  /** The words that name it, as written. */
  readonly name: string;
  /** Whether something assigns it; otherwise it only stands behind the words, on their line. */
  readonly assigned: boolean;
}

/** How far before a value its name is looked for. */
export const NAME_REACH = 64;

const LONGEST_LABEL = 60;

/** What may stand between a name and its value, read backwards from the value. */
const OPENING = /(?:\b[bfru])?\\?["'`]{1,3}[ \t]{0,2}$/;
const SCHEME =
  /\b(?:(?:Bearer|bearer|Basic|basic|(?:Api-)?Token|token|ApiKey|Key|GenieKey|SSWS|Klaviyo-API-Key|key) |Token token=)["']?$/;
const OPERATOR = /(?:[=:?|.<+]{0,3}=|=>|:{1,3}|:\s?[|>][+-]?|>|\bis|\b\d{15,16}\|)$/;
/** These assign only what is quoted. */
const OPERATOR_BEFORE_QUOTE = /(?:,|\(|\[|\{|\s-|\|\||\?\?)$/;
/** Where what came before a name ends. */
const NAME_EDGE = tableOf(",;{}&?\n\r<|(");
const LINE_EDGE = tableOf(",;&?(");
/** What opens a value, what names its scheme and what assigns it are shorter. */
const LONGEST_SIGN = 20;
/** What may follow a value that no quote opened. */
const AFTER = /^(?:$|[\s,;)}\]<&"'`|]|\\[nrt"']|\.(?:\s|$))/;
/** `"name": "API_KEY", "value": "…"`: the name is in the pair before. */
const NAMED_BEFORE = /\b(?:value|default)["'\s]{0,3}$/i;

/** Null where the value is part of something else, or where it goes on in `after`, the text behind it. */
export function assignmentOf(before: string, after: string): Assignment | null {
  const scheme = SCHEME.exec(before.slice(-LONGEST_SIGN))?.[0] ?? "";
  const bare = before.slice(0, before.length - scheme.length);
  const opening = OPENING.exec(bare.slice(-LONGEST_SIGN))?.[0] ?? "";
  if (!isClosed(opening.trimEnd().slice(-1), after)) return null;
  const left = withoutSpace(bare.slice(0, bare.length - opening.length));
  const operator = operatorOf(left, bare.slice(left.length), opening !== "");
  if (operator === null) return scheme === "" ? unassigned(left, bare.slice(left.length), after) : given(scheme);
  const named = left.slice(0, left.length - operator.length);
  const name = NAMED_BEFORE.test(named) ? lastLines(named) : named.slice(edgeOf(named, NAME_EDGE));
  return given(`${name} ${scheme}`);
}

/** This line and the one before it. */
function lastLines(named: string): string {
  return /[^\r\n]{0,64}(?:\r?\n)?[^\r\n]{0,64}$/.exec(named)?.[0] ?? "";
}

function given(name: string): Assignment {
  return { name, assigned: true };
}

function isClosed(opened: string, after: string): boolean {
  if (opened === "") return AFTER.test(after);
  return after.replace(/^[ \t]{0,2}\\?/, "").startsWith(opened);
}

/** What assigns at the end of `left`. A bare comma does in a table, where no space follows it. */
function operatorOf(left: string, gap: string, quoted: boolean): string | null {
  const tail = left.slice(-LONGEST_SIGN);
  const operator = OPERATOR.exec(tail) ?? (quoted ? OPERATOR_BEFORE_QUOTE.exec(tail) : null);
  if (operator !== null) return operator[0];
  return !quoted && gap === "" && left.endsWith(",") ? "," : null;
}

function withoutSpace(text: string): string {
  return /\s/.test(text.charAt(text.length - 1)) ? text.replace(/\s{1,16}$/, "") : text;
}

function edgeOf(named: string, edge: Uint8Array): number {
  for (let at = named.length - 1; at >= 0; at--) if (edge[named.charCodeAt(at)] === 1) return at + 1;
  return 0;
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** `--api-key VALUE`, an option of a command; the line before a value that has a line to itself; or the words beside it. */
function unassigned(left: string, gap: string, after: string): Assignment | null {
  const option = /(?:^|\s)--?[A-Za-z][A-Za-z-]{1,40}$/.exec(left)?.[0];
  if (option !== undefined) return given(option);
  const [line = ""] = /[^\r\n]{0,64}$/.exec(left) ?? [];
  if (!/[\r\n]/.test(gap)) return { name: line.slice(edgeOf(line, LINE_EDGE)), assigned: false };
  return line.length < LONGEST_LABEL && /^(?:$|[\r\n])/.test(after) ? given(line) : null;
}
