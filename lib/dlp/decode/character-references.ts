/** The character references by name that stand for what identifiers are written with. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ...[
    ["amp", "&"],
    ["lt", "<"],
    ["gt", ">"],
    ["quot", '"'],
    ["apos", "'"],
    ["nbsp", "\u00a0"],
  ],
  ...[
    ["commat", "@"],
    ["period", "."],
    ["comma", ","],
    ["colon", ":"],
    ["semi", ";"],
    ["sol", "/"],
  ],
  ...[
    ["hyphen", "-"],
    ["dash", "-"],
    ["minus", "-"],
    ["ndash", "-"],
    ["mdash", "-"],
    ["lowbar", "_"],
  ],
  ...[
    ["plus", "+"],
    ["equals", "="],
    ["num", "#"],
    ["lpar", "("],
    ["rpar", ")"],
    ["shy", ""],
  ],
  ...[
    ["ensp", " "],
    ["emsp", " "],
    ["thinsp", " "],
    ["Tab", "\t"],
    ["NewLine", "\n"],
    ["zwj", ""],
    ["zwnj", ""],
  ],
] as [string, string][]);

/** The character that `&#64;`, `&#x40;` or `&commat;` stands for; what is no reference stands for itself. */
export function referenced(written: string): string {
  const name = written.slice(1, -1);
  if (!name.startsWith("#")) return NAMED.get(name) ?? written;
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10_ffff ? String.fromCodePoint(code) : written;
}
