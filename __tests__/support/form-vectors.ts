import { canonicalBytes } from "../../lib/audit/canonical";
import { auditEvent } from "../../lib/audit/record";
import { CHAIN_START, stampRecord } from "../../lib/audit/stamp-record";

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** A record's text; every vector is one change of it. */
const CANONICAL = textOf({ z: 1, é: [1e21, 1.5e-7, -0.1, 100], "10": null, "9": 0, odd: "\u0000\ud800\u007f😀" });

function textOf(after: unknown): string {
  const event = auditEvent("admin", AT, {
    user: "alice@acme.test",
    change: { subject: "policy", before: null, after },
  });
  const { record } = stampRecord(CHAIN_START, { node: "gate-1", boot: "b" }, event);
  return Buffer.from(canonicalBytes(record)).toString("utf8");
}

const CHANGES: readonly (readonly [name: string, from: string, to: string])[] = [
  ["white space", '"seq":1', '"seq": 1'],
  ["a line feed at the end", '"v":1}', '"v":1}\n'],
  ["members in another order", '"node":"gate-1","operation":null', '"operation":null,"node":"gate-1"'],
  ["names inside sorted as numbers", '"10":null,"9":0', '"9":0,"10":null'],
  ["a member twice", '"seq":1', '"seq":9,"seq":1'],
  ["a member less", '"rule":null,', ""],
  ["a member more", '"rule":null,', '"rule":null,"ruled":null,'],
  ["a number with a fraction of nothing", '"seq":1', '"seq":1.0'],
  ["a number with an exponent", '"seq":1', '"seq":1e0'],
  ["a large number written out", "1e+21", "1000000000000000000000"],
  ["a letter as an escape", '"alice@', '"\\u0061lice@'],
  ["an escape in capitals", "\\ud800", "\\uD800"],
  ["a solidus escaped", '"policy"', '"poli\\/cy"'],
  ["another version", '"v":1}', '"v":2}'],
];

/** What docs/audit-vectors.json says of the form of records. */
export function formVectors(): readonly { readonly name: string; readonly good: boolean; readonly record: string }[] {
  const bad = CHANGES.map(([name, from, to]) => {
    if (!CANONICAL.includes(from)) throw new Error(`nothing to change for ${name}`);
    return { name, good: false, record: CANONICAL.replace(from, () => to) };
  });
  return [{ name: "as it is written", good: true, record: CANONICAL }, ...bad];
}

const TAKEN = "2026-01-02T03:04:05.678Z";

/** When a chain begins that a checkpoint does not have, and whether it can have begun after that. */
export const BEGINNINGS: readonly {
  readonly name: string;
  readonly good: boolean;
  readonly first: string;
  readonly checkpoint: string;
}[] = [
  { name: "after the checkpoint", good: true, first: "2026-01-02T03:04:05.679Z", checkpoint: TAKEN },
  { name: "twenty minutes before it", good: true, first: "2026-01-02T02:44:05.678Z", checkpoint: TAKEN },
  { name: "a millisecond more", good: false, first: "2026-01-02T02:44:05.677Z", checkpoint: TAKEN },
  { name: "a year before it", good: false, first: "2025-01-02T03:04:05.678Z", checkpoint: TAKEN },
  { name: "at no time", good: false, first: "tomorrow", checkpoint: TAKEN },
  { name: "at a time in another form", good: false, first: "2027-01-02T03:04:05Z", checkpoint: TAKEN },
];
