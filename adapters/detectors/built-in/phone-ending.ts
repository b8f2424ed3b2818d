const EXTENSION = /^[ ,;]{0,2}(?:x|ext\.?|extension|#)[ .:]{0,2}\d{1,6}(?!\w)/i;
const LONGEST_EXTENSION = 16;
const MOST_SEPARATORS = 2;
const SEPARATOR = 1;
/** What an extension begins with. */
const EXTENDS = 2;
const JOINED = 4;
/** Joins on what is a digit. */
const JOINT = 8;
const MARKS = marks();

/** Whether what ends at `end` is part of a longer number, a word, an amount or a path; an extension is none of these. */
export function isJoinedAfter(text: string, end: number): boolean {
  const mark = markAt(text, end);
  if ((mark & (JOINED | JOINT)) === 0 || ((mark & JOINED) === 0 && !isDigit(text.charCodeAt(end + 1)))) return false;
  return extensionLength(text, end) === 0;
}

/** How much of what stands at `end` is the extension of a telephone number. */
export function extensionLength(text: string, end: number): number {
  let at = end;
  while (at < end + MOST_SEPARATORS && (markAt(text, at) & SEPARATOR) !== 0) at += 1;
  if ((markAt(text, at) & EXTENDS) === 0) return 0;
  return EXTENSION.exec(text.slice(end, end + LONGEST_EXTENSION))?.[0].length ?? 0;
}

function markAt(text: string, at: number): number {
  const code = at < text.length ? text.charCodeAt(at) : 0;
  return code < 128 ? (MARKS[code] ?? 0) : 0;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function marks(): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => {
    const character = String.fromCharCode(code);
    return (
      (/[ ,;]/.test(character) ? SEPARATOR : 0) |
      (/[xe#]/i.test(character) ? EXTENDS : 0) |
      (/[A-Za-z0-9_%]/.test(character) ? JOINED : 0) |
      (/[-.,:/]/.test(character) ? JOINT : 0)
    );
  });
}
