import { Denial } from "../../lib/denial";
import { isJsonArray, isJsonObject, member, type JsonPath, type JsonValue } from "../../lib/json";
import type { OpaquePart, TextRole, TextSpan } from "../../lib/ports/protocol";

/** One value of a body while the body is walked. */
export interface Place {
  readonly path: JsonPath;
  readonly value: JsonValue;
  readonly role: TextRole;
}

/** What a walk found so far; belongs to one walk. */
export interface Found {
  readonly spans: TextSpan[];
  readonly opaque: OpaquePart[];
}

/**
 * Says what is text at a place. A dialect is a map made of these; what the map does not name is `scanned`, so that a member
 * invented tomorrow can hide nothing from a rule and is never rewritten.
 */
export type TextReader = (place: Place, found: Found) => void;

/**
 * Everything that the map finds in a document, in document order. Throws Denial `upstream_unavailable` for an answer that is
 * nested too deeply to be read; requests are refused for that before.
 */
export function findText(map: TextReader, value: JsonValue, role: TextRole = "unknown"): Found {
  const found: Found = { spans: [], opaque: [] };
  try {
    map({ path: [], value, role }, found);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const detail = "an answer is nested too deeply to be read";
    throw new Denial("upstream_unavailable", { reason: "upstream_malformed", detail });
  }
  return found;
}

/** A string of human text, which may be rewritten; any other shape is scanned. */
export const text: TextReader = (place, found) => {
  if (typeof place.value === "string") addSpan(place, place.value, { rewritable: true }, found);
  else scanned(place, found);
};

/** JSON in a string (tool arguments); any other shape is the same without the string. */
export const jsonText: TextReader = (place, found) => {
  if (typeof place.value === "string") addSpan(place, place.value, { rewritable: true, json: true }, found);
  else structured(place, found);
};

/** Somebody's data, names of members and numbers included (tool inputs): read as the JSON that it is, and rewritten in it. */
export const structured: TextReader = (place, found) => {
  const { value } = place;
  if (typeof value === "string") return text(place, found);
  if (value === null || typeof value === "boolean" || isEmpty(value)) return;
  addSpan(place, JSON.stringify(value), { rewritable: true, json: true, structured: true }, found);
};

/** Every string at any depth, none of which may be rewritten, and names that are no plain words. */
export const scanned: TextReader = (place, found) => {
  readLeaves(place, { rewritable: false }, found);
  addNames(place, namesIn(place.value).filter(isUnusual), found);
};

/** Every string at any depth, each a text of its own that may be rewritten: lists of words and commands. Names are read, and stay. */
export const leaves: TextReader = (place, found) => {
  readLeaves(place, { rewritable: true }, found);
  addNames(place, namesIn(place.value), found);
};

/** Ids, signatures, encrypted and binary data: not looked at. */
export const leftAlone: TextReader = () => undefined;

/** A part that cannot be read as text; `around` reads what stands beside its data. */
export function opaque(kind: OpaquePart["kind"], around: TextReader = leftAlone): TextReader {
  return (place, found) => {
    found.opaque.push({ path: place.path, kind });
    around(place, found);
  };
}

/** The same reading under another role. */
export function as(role: TextRole, reader: TextReader): TextReader {
  return (place, found) => reader({ ...place, role }, found);
}

/** Readers by member name; `rest` reads the members that are not named. A value that is no object is scanned. */
export function members(readers: Readonly<Record<string, TextReader>>, rest: TextReader = scanned): TextReader {
  return (place, found) => {
    if (!isJsonObject(place.value)) return scanned(place, found);
    for (const [name, value] of Object.entries(place.value)) {
      if (value === undefined) continue;
      const reader = Object.hasOwn(readers, name) ? readers[name] : rest;
      reader?.({ ...place, path: [...place.path, name], value }, found);
    }
    const unknown = Object.keys(place.value).filter((name) => !Object.hasOwn(readers, name));
    addNames(place, unknown.filter(isUnusual), found);
  };
}

/** One reader for every element. A value that is no array is scanned. */
export function each(reader: TextReader): TextReader {
  return (place, found) => {
    if (!isJsonArray(place.value)) return scanned(place, found);
    place.value.forEach((value, index) => reader({ ...place, path: [...place.path, index], value }, found));
  };
}

/** A reader by the object's discriminating member; unknown types are scanned. */
export function byMember(
  name: string,
  readers: Readonly<Record<string, TextReader>>,
  rest: TextReader = scanned,
): TextReader {
  return (place, found) => {
    const kind = isJsonObject(place.value) ? member(place.value, name) : undefined;
    const reader = typeof kind === "string" && Object.hasOwn(readers, kind) ? readers[kind] : rest;
    reader?.(place, found);
  };
}

/** `content`, `system`: a string of text, or a list of parts; `other` reads any other shape. */
export function textOrEach(reader: TextReader, other: TextReader = scanned): TextReader {
  const list = each(reader);
  return (place, found) => {
    if (typeof place.value === "string") text(place, found);
    else (isJsonArray(place.value) ? list : other)(place, found);
  };
}

type Handling = Pick<TextSpan, "rewritable" | "json" | "structured" | "names">;

function isEmpty(value: JsonValue): boolean {
  return isJsonArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}

function readLeaves(place: Place, handling: Handling, found: Found): void {
  const { value, path } = place;
  if (typeof value === "string") return addSpan(place, value, handling, found);
  if (isJsonArray(value)) {
    value.forEach((item, index) => readLeaves({ ...place, path: [...path, index], value: item }, handling, found));
  } else if (isJsonObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      if (item !== undefined) readLeaves({ ...place, path: [...path, name], value: item }, handling, found);
    }
  }
}

/** Names of members at any depth, each once. */
function namesIn(value: JsonValue): readonly string[] {
  const names = new Set<string>();
  const collect = (inner: JsonValue): void => {
    if (isJsonArray(inner)) inner.forEach(collect);
    else if (isJsonObject(inner)) {
      for (const [name, item] of Object.entries(inner)) {
        names.add(name);
        if (item !== undefined) collect(item);
      }
    }
  };
  collect(value);
  return [...names];
}

/** What the wire formats and schemas call their members; anything else may be somebody's text. */
const PLAIN_WORD = /^[A-Za-z_$][A-Za-z_-]{0,63}$/;

function isUnusual(name: string): boolean {
  return !PLAIN_WORD.test(name);
}

/** Names are one text that may not be rewritten: who reads the object looks for them. U+0000 keeps them apart. */
function addNames(place: Place, names: readonly string[], found: Found): void {
  addSpan(place, names.join("\u0000"), { rewritable: false, names: true }, found);
}

function addSpan(place: Place, value: string, handling: Handling, found: Found): void {
  if (value !== "") found.spans.push({ path: place.path, role: place.role, text: value, ...handling });
}
