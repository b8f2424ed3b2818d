import { isJsonObject, type JsonPath, type JsonValue } from "../json";
import { OPEN_ARRAY, OPEN_OBJECT, QUOTE, skipBlank } from "./json-tokens";
import { endOfValue, walkArray, walkObject } from "./json-walk";

/** What is to change in a document; all else stays byte for byte. */
export interface JsonEdits {
  readonly replace?: readonly JsonReplacement[];
  /** Top-level members to cut, comma included; absent ones are none of its business. */
  readonly remove?: readonly string[];
}

/** The new text of a string; `structured`: the new JSON of a value, whatever it is. */
export interface JsonReplacement {
  readonly path: JsonPath;
  readonly text: string;
  readonly structured?: boolean;
}

/** Bytes that were parsed. With `value`, a document without the members to cut is not scanned again. */
export interface EditableDocument {
  readonly bytes: Uint8Array;
  readonly value?: JsonValue;
}

/** A place on the way to values that change. */
interface Step {
  /** The JSON that takes the place of the value. */
  json: string | null;
  /** Whether the value must be a string. */
  ofString: boolean;
  readonly next: Map<string | number, Step>;
}

/** The bytes from `start` to `end` give way to `text`. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One top-level member; `end` is the byte after its value. */
interface Member {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

interface Found {
  readonly splices: Splice[];
  readonly reached: Set<Step>;
}

/**
 * Replaces values and cuts top-level members at their offsets. Without anything to do it returns the very same
 * bytes. Where a name is there twice (bytes that were not read strictly), every occurrence is edited.
 * Throws Error when a path does not lead to such a value: an edit that cannot be made must not pass for one that was.
 */
export function editJson(document: EditableDocument, edits: JsonEdits): Uint8Array {
  const { bytes } = document;
  const remove = membersToCut(document.value, edits.remove ?? []);
  const replace = edits.replace ?? [];
  if (replace.length === 0 && remove.size === 0) return bytes;
  const splices = findSplices(bytes, stepsTo(replace), remove);
  return splices.length === 0 ? bytes : applySplices(bytes, splices);
}

function membersToCut(value: JsonValue | undefined, names: readonly string[]): ReadonlySet<string> {
  if (value === undefined) return new Set(names);
  return new Set(isJsonObject(value) ? names.filter((name) => Object.hasOwn(value, name)) : []);
}

function stepsTo(replace: readonly JsonReplacement[]): Step {
  const root = newStep();
  for (const { path, text, structured = false } of replace) {
    const step = path.reduce(nextStep, root);
    const json = structured ? text : JSON.stringify(text);
    if (step.json !== null && step.json !== json) throw new Error("Two different edits of one value.");
    step.json = json;
    step.ofString = !structured;
  }
  return root;
}

function newStep(): Step {
  return { json: null, ofString: true, next: new Map() };
}

function nextStep(step: Step, name: string | number): Step {
  const known = step.next.get(name);
  if (known) return known;
  const next = newStep();
  step.next.set(name, next);
  return next;
}

function findSplices(bytes: Uint8Array, root: Step, remove: ReadonlySet<string>): readonly Splice[] {
  const start = skipBlank(bytes, 0);
  const cutting = remove.size > 0 && bytes[start] === OPEN_OBJECT;
  if (cutting) for (const name of remove) root.next.delete(name);
  const found: Found = { splices: [], reached: new Set() };
  replaceValues(bytes, root, start, found);
  if (found.reached.size < countEdits(root)) throw new Error("An edit does not lead to a value of the document.");
  if (cutting) found.splices.push(...cuts(topLevelMembers(bytes, start), remove));
  return found.splices.sort((one, other) => one.start - other.start);
}

/** Goes down only where something changes, as deep as the longest path; the byte after the value at `at`. */
function replaceValues(bytes: Uint8Array, step: Step | undefined, at: number, found: Found): number {
  if (step !== undefined && step.json !== null && (bytes[at] === QUOTE || !step.ofString)) {
    const end = endOfValue(bytes, at);
    found.splices.push({ start: at, end, text: step.json });
    found.reached.add(step);
    return end;
  }
  if (step === undefined || step.next.size === 0) return endOfValue(bytes, at);
  const within = (name: string | number, value: number): number =>
    replaceValues(bytes, step.next.get(name), value, found);
  if (bytes[at] === OPEN_OBJECT) return walkObject(bytes, at, (name, _, value) => within(name, value));
  if (bytes[at] === OPEN_ARRAY) return walkArray(bytes, at, within);
  return endOfValue(bytes, at);
}

function topLevelMembers(bytes: Uint8Array, at: number): readonly Member[] {
  const members: Member[] = [];
  walkObject(bytes, at, (name, start, value) => {
    const end = endOfValue(bytes, value);
    members.push({ name, start, end });
    return end;
  });
  return members;
}

/** With each removed member goes the comma before it, or after it while no kept member stands before it. */
function cuts(members: readonly Member[], remove: ReadonlySet<string>): readonly Splice[] {
  const firstKept = members.findIndex(({ name }) => !remove.has(name));
  return members.flatMap((member, index) => {
    if (!remove.has(member.name)) return [];
    const leading = firstKept === -1 || index < firstKept;
    const start = leading ? member.start : (members[index - 1]?.end ?? member.start);
    const end = leading ? (members[index + 1]?.start ?? member.end) : member.end;
    return [{ start, end, text: "" }];
  });
}

function countEdits(step: Step): number {
  const own = step.json === null ? 0 : 1;
  return [...step.next.values()].reduce((sum, next) => sum + countEdits(next), own);
}

function applySplices(bytes: Uint8Array, splices: readonly Splice[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let kept = 0;
  for (const { start, end, text } of splices) {
    parts.push(bytes.subarray(kept, start), Buffer.from(text));
    kept = end;
  }
  return Buffer.concat([...parts, bytes.subarray(kept)]);
}
