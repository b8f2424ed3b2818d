/** A shape, ready to be tried at a place: what is wanted of each character. */
export type Form = Uint8Array;

const DIGIT = 1;
const LETTER = 2;
const CAPITAL = 4;
/** Classes of characters are sums of the above; a wanted character above these stands for itself. */
const EITHER = DIGIT + LETTER;
const SEPARATOR = 8;
const BREAK = 16;
const ANY_SEPARATOR = SEPARATOR + BREAK;
const CLASSES = classes();
const SPACE = 32;

/** In a shape `9` is a digit, `A` a letter, `X` either, `-` a separator; everything else stands for itself. */
export function compileForm(template: string, capitals: boolean): Form {
  const wanted: Readonly<Record<string, number>> = {
    "9": DIGIT,
    A: capitals ? CAPITAL : LETTER,
    X: capitals ? DIGIT + CAPITAL : EITHER,
    "-": ANY_SEPARATOR,
  };
  return Uint8Array.from(template, (character) => wanted[character] ?? character.charCodeAt(0));
}

/** Whether the text ends before it can be told whether the shape stands at `at`; `margin` more characters have a say. */
export function isUndecided(form: Form, text: string, at: number, margin: number): boolean {
  const given = Math.min(form.length, text.length - at);
  if (text.length - at >= form.length + margin) return false;
  for (let place = 0; place < given; place++) if (!suits(form, text, at, place)) return false;
  return true;
}

function suits(form: Form, text: string, at: number, place: number): boolean {
  const wanted = form[place];
  if (wanted === undefined) return true;
  const code = text.charCodeAt(at + place);
  const given = code < 128 ? (CLASSES[code] ?? 0) : 0;
  return wanted <= ANY_SEPARATOR ? (given & wanted) !== 0 : wanted === code || wanted === (code & 0xdf);
}

/**
 * Where the shape at `at` ends, behind which no letter or digit follows; null where it does not fit. One step per
 * character, and first what stands behind the opening run, whose length and kind are known to suit: there most shapes part.
 */
export function endOfForm(form: Form, text: string, at: number, opening: number): number | null {
  const end = at + form.length;
  if (end > text.length || ((CLASSES[text.charCodeAt(end)] ?? 0) & EITHER) !== 0) return null;
  for (let place = opening; place < form.length; place++) if (!suits(form, text, at, place)) return null;
  for (let place = 0; place < opening; place++) if (!suits(form, text, at, place)) return null;
  return end;
}

/** Whether the separators are all the same, none breaks a line, and the number does not go on in groups. */
export function isRegular(form: Form, text: string, at: number): boolean {
  let separator = 0;
  for (let place = 0; place < form.length; place++) {
    if (form[place] !== ANY_SEPARATOR) continue;
    const given = text.charCodeAt(at + place);
    if ((separator !== 0 && given !== separator) || given < SPACE) return false;
    separator = given;
  }
  return separator !== SPACE || !isInList(text, at, at + form.length);
}

function isInList(text: string, start: number, end: number): boolean {
  const goesOnBefore = start > 1 && text.charCodeAt(start - 1) === SPACE && isDigit(text.charCodeAt(start - 2));
  return goesOnBefore || (text.charCodeAt(end) === SPACE && isDigit(text.charCodeAt(end + 1)));
}

function isDigit(code: number): boolean {
  return code < 128 && CLASSES[code] === DIGIT;
}

/** The letters and digits of what suits the shape at `at`, in upper case. */
export function codeOf(form: Form, text: string, at: number): string {
  let code = "";
  let from = at;
  for (let place = at; place <= at + form.length; place++) {
    const unit = place < at + form.length ? text.charCodeAt(place) : 0;
    if (((CLASSES[unit] ?? 0) & EITHER) !== 0) continue;
    if (place > from) code += text.slice(from, place);
    from = place + 1;
  }
  return code.toUpperCase();
}

function classes(): Uint8Array {
  const table = new Uint8Array(128)
    .fill(DIGIT, 48, 58)
    .fill(LETTER + CAPITAL, 65, 91)
    .fill(LETTER, 97, 123);
  for (const separator of " -./") table[separator.charCodeAt(0)] = SEPARATOR;
  for (const lineBreak of "\n\r\t") table[lineBreak.charCodeAt(0)] = BREAK;
  return table;
}
