import { isMap, isNode, isPair, isScalar, visit, type Document, type LineCounter, type Node } from "yaml";
import type { Problem } from "./problem";

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where in the text a problem is; of something that is missing, where it should be. */
export function placeOf(document: Document, lines: LineCounter, { path, key }: Problem): Place {
  const node = nearestNode(document, path);
  const named = key === undefined ? undefined : keyNode(node, key);
  return placeAt(lines, (named ?? node)?.range?.[0] ?? 0);
}

export function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** A member that JavaScript objects treat specially is nobody's key, whatever mapping it is in. */
export function specialKeys(document: Document): readonly number[] {
  const offsets: number[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === "__proto__") offsets.push(key.range?.[0] ?? 0);
    },
  });
  return offsets;
}

function nearestNode(document: Document, path: Problem["path"]): Node | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const found = document.getIn(path.slice(0, length), true);
    if (isNode(found)) return found;
  }
  return document.contents ?? undefined;
}

function keyNode(node: Node | undefined, key: string): Node | undefined {
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
  return isNode(pair?.key) ? pair.key : undefined;
}
