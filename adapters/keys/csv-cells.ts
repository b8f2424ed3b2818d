const CELL = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;

/** The cells of one line of CSV (RFC 4180, without line breaks in cells); null when its quotes do not match. */
export function csvCells(line: string): readonly string[] | null {
  const cells: string[] = [];
  for (CELL.lastIndex = 0; ;) {
    const [, quoted, plain = "", end] = CELL.exec(line) ?? [];
    if (end === undefined) return null;
    cells.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    if (end === "") return cells;
  }
}
