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

/** Shapes by kind and length of the run with which they begin. */
export type ShapeTable = readonly (Readonly<Record<Follower, readonly Shape[]>> | undefined)[];

/** All shapes of all rules, ready to be looked up. */
export function tableOf(rules: readonly IdentifierRule[]): ShapeTable {
  const table: (Record<Follower, Shape[]> | undefined)[] = [];
  for (const { template, capitals, claims } of templatesOf(rules).values()) {
    const highest = Math.max(...claims.map(({ score }) => score));
    const shape = { form: compileForm(template, capitals), claims, highest };
    const opening = openingOf(template).length;
    for (const at of cellsOf(template, capitals)) {
      const cell = (table[at] ??= { 0: [], 1: [], 2: [] });
      for (const follower of followersOf(template, opening)) cell[follower].push(shape);
    }
  }
  return table;
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

/** The shapes that may begin with such a run at `start`. */
export function shapesAt(
  table: ShapeTable,
  run: { readonly kind: RunKind; readonly length: number },
  text: string,
  start: number,
): readonly Shape[] | undefined {
  const cell = run.length > LONGEST_RUN ? undefined : table[cellAt(run.kind, run.length)];
  return cell?.[followerAt(text, start + run.length + 1)];
}

/** What stands behind the run and a separator tells most shapes apart. */
const FOLLOWERS = { digit: 0, letter: 1, neither: 2 } as const;
type Follower = (typeof FOLLOWERS)[keyof typeof FOLLOWERS];

function followerAt(text: string, at: number): Follower {
  const code = at < text.length ? text.charCodeAt(at) : 0;
  if (code >= 48 && code <= 57) return FOLLOWERS.digit;
  const letter = code | 32;
  return letter >= 97 && letter <= 122 ? FOLLOWERS.letter : FOLLOWERS.neither;
}

function followersOf(template: string, opening: number): readonly Follower[] {
  const next = template.charAt(opening + 1);
  if (next === "") return Object.values(FOLLOWERS);
  if (next === "X") return [FOLLOWERS.digit, FOLLOWERS.letter];
  return [followerAt(template, opening + 1)];
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
