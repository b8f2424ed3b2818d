const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/** What the naive reader finds in a text that JSON.parse accepts: a name twice in one object, and the depth. */
export function describeByTokens(text: string): { readonly duplicate: boolean; readonly depth: number } {
  const tokens = text.match(TOKEN) ?? [];
  const names: Set<unknown>[] = [];
  let duplicate = false;
  let depth = 0;
  tokens.forEach((token, index) => {
    if (token === "{" || token === "[") names.push(new Set());
    if (token === "}" || token === "]") names.pop();
    depth = Math.max(depth, names.length);
    if (tokens[index + 1] !== ":" || !token.startsWith('"')) return;
    const name: unknown = JSON.parse(token);
    duplicate ||= names.at(-1)?.has(name) === true;
    names.at(-1)?.add(name);
  });
  return { duplicate, depth };
}
