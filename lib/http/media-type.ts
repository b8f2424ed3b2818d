/** `; name=value`, its value a token or a quoted string; a bare semicolon is legal. */
const PARAMETER = /[ \t]*;[ \t]*(?:([!#$%&'*+.^_`|~0-9a-z-]+)=("(?:[^"\\]|\\.)*"|[!#$%&'*+.^_`|~0-9a-z-]+))?/iy;
const JSON_TYPE = /^[ \t]*application\/json/i;

/** Exactly one `Content-Type` line that says JSON in UTF-8: parameters may follow, a charset only `utf-8`. */
export function isJsonMediaType(rawHeaders: readonly string[]): boolean {
  const lines = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === "content-type");
  const type = lines.length === 1 ? JSON_TYPE.exec(lines[0] ?? "") : null;
  return type !== null && parametersAllow(lines[0] ?? "", type[0].length);
}

function parametersAllow(line: string, from: number): boolean {
  let at = from;
  for (;;) {
    PARAMETER.lastIndex = at;
    const parameter = PARAMETER.exec(line);
    if (!parameter) return line.slice(at).trim() === "";
    if (parameter[1]?.toLowerCase() === "charset" && !isUtf8(parameter[2] ?? "")) return false;
    at = PARAMETER.lastIndex;
  }
}

function isUtf8(charset: string): boolean {
  return /^"?utf-8"?$/i.test(charset);
}
