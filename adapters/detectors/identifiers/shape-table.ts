import { contextOf } from "../context-words";
import type { IdentifierRule } from "./identifier-rule";
import type { Claim } from "./identifier-score";
import { compileForm, type Form } from "./match-form";
import { RUN_KINDS, type RunKind } from "./word-runs";

/** One way in which codes are written, and the rules that say so. */
export interface Shape {
  readonly form: Form;
  readonly claims: readonly Claim[];
  /** The highest that a claim is worth with nothing else to go by. */
  readonly highest: number;
}

const LONGEST_RUN = 31;

/** A word and a separator begin every other sentence: there, capital letters are meant. */
const WORD_FIRST = /^[A-WYZ]+[^A-Z0-9]/;

/** Shapes whose first runs of letters and digits are of the same lengths. */
export interface ShapeNode {
  /** Those that have no run more. */
  readonly shapes: Shape[];
  /** The others, by the length of the next run, which stands one character behind. */
  readonly next: (ShapeNode | undefined)[];
  /** What the next run may begin with. */
  followers: number;
}

/** By kind and length of the run with which shapes begin. */
export type ShapeTable = readonly (ShapeNode | undefined)[];

/** All shapes of all rules, ready to be looked up. */
export function tableOf(rules: readonly IdentifierRule[]): ShapeTable {
  const table: (ShapeNode | undefined)[] = [];
  for (const { template, capitals, claims } of templatesOf(rules).values()) {
    const highest = Math.max(...claims.map(({ score }) => score));
    const shape = { form: compileForm(template, capitals), claims, highest };
    for (const at of cellsOf(template, capitals)) {
      const last = runsOf(template)
        .slice(1)
        .reduce((node, run) => childOf(node, run), (table[at] ??= newNode()));
      last.shapes.push(shape);
    }
  }
  return table;
}

function newNode(): ShapeNode {
  return { shapes: [], next: [], followers: 0 };
}

function childOf(node: ShapeNode, run: string): ShapeNode {
  node.followers |= run.startsWith("X") ? DIGIT | LETTER : followerOf(run.charCodeAt(0));
  return (node.next[run.length] ??= newNode());
}

function runsOf(template: string): readonly string[] {
  const runs = template.match(/[A-Z0-9]+/g) ?? [];
  if (/[^A-Z0-9]{2}/.test(template)) throw new TypeError("one character stands between two runs of a shape");
  return runs;
}

interface Template {
  readonly template: string;
  readonly capitals: boolean;
  readonly claims: Claim[];
}

/** Each way of writing once, with all who claim it. */
function templatesOf(rules: readonly IdentifierRule[]): ReadonlyMap<string, Template> {
  const templates = new Map<string, Template>();
  for (const rule of rules) {
    const context = contextOf(rule.context);
    for (const [template, score] of Object.entries(rule.forms)) {
      const capitals = rule.capitals === true || WORD_FIRST.test(template);
      const key = `${template}${String(capitals)}`;
      const known = templates.get(key) ?? { template, capitals, claims: [] };
      known.claims.push({ rule, score, context });
      templates.set(key, known);
    }
  }
  return templates;
}

/** The shapes that may begin with such a run. */
export function shapesFor(table: ShapeTable, kind: RunKind, length: number): ShapeNode | undefined {
  return length > LONGEST_RUN ? undefined : table[cellAt(kind, length)];
}

/** How long the next run must be that begins at `at`; 0 where no shape has such a one. */
export function nextRunAt({ followers }: ShapeNode, text: string, at: number): number {
  if (followers === 0 || (followerOf(text.charCodeAt(at)) & followers) === 0) return 0;
  let length = 1;
  while (length <= LONGEST_RUN && followerOf(text.charCodeAt(at + length)) !== 0) length += 1;
  return length;
}

const DIGIT = 1;
const LETTER = 2;

/** NaN, which is what stands behind a text, is neither. */
function followerOf(code: number): number {
  if (code >= 48 && code <= 57) return DIGIT;
  const letter = code | 32;
  return letter >= 97 && letter <= 122 ? LETTER : 0;
}

function openingOf(template: string): string {
  return /^[A-Z0-9]+/.exec(template)?.[0] ?? "";
}

function cellAt(kind: RunKind, length: number): number {
  return kind * (LONGEST_RUN + 1) + length;
}

/** The runs with which a shape may begin. */
function cellsOf(template: string, capitals: boolean): readonly number[] {
  const opening = openingOf(template);
  const kinds = kindsOf(opening).filter(
    (kind) => !capitals || (kind !== RUN_KINDS.letters && kind !== RUN_KINDS.letterFirst),
  );
  return kinds.map((kind) => cellAt(kind, opening.length));
}

function kindsOf(opening: string): readonly RunKind[] {
  const { digits, digitFirst, letters, letterFirst, capitalLetters, capitalFirst } = RUN_KINDS;
  if (/^[0-9]+$/.test(opening)) return [digits];
  if (/^[A-WYZ]+$/.test(opening)) return [letters, capitalLetters];
  const kinds: RunKind[] = [];
  if (!/^\d/.test(opening)) kinds.push(letterFirst, capitalFirst);
  if (/^[\dX]/.test(opening)) kinds.push(digitFirst);
  if (/^[\dX]+$/.test(opening)) kinds.push(digits);
  if (/^[A-Z]+$/.test(opening)) kinds.push(letters, capitalLetters);
  return kinds;
}
