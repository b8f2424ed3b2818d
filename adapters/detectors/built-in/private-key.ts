import type { Detector, Finding } from "../../../lib/ports/detector";
import { openPuttyKeyAt, puttyKeysIn } from "./putty-key";

interface Range {
  readonly start: number;
  readonly end: number;
}

const ENTITY = "PRIVATE_KEY";
const WORDS = "PRIVATE KEY";

/** Armour is cut after this many characters of body: an RSA key of 16,384 bits has 12,800. */
const BODY_LIMIT = 16_384;
const HEAD_LIMIT = 80;
/** A head, a body of the longest kind, and what an unclosed one may end in. */
const MAX_LENGTH = 2 * BODY_LIMIT + 2 * HEAD_LIMIT;

/** How many mentions of a private key a block may have inside before it counts as unclosed. */
const MENTIONS = 3;

/** RFC 7468, RFC 4880 (PGP), OpenSSH and SSH2: `-----BEGIN EC PRIVATE KEY-----`, `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----`. */
const HEAD_BEFORE = /-{2,5} ?BEGIN (?:[A-Z0-9]{1,16} ){0,4}$/;
const FOOT_BEFORE = /-{2,5} ?END (?:[A-Z0-9]{1,16} ){0,4}$/;
const HEAD_BEGUN = /-{1,5}(?: ?(?:B|BE|BEG|BEGI|BEGIN(?: [A-Z0-9]{0,16}){0,7} ?-{0,5})?)?$/;
const LINE_REST = /PRIVATE KEY(?: BLOCK)? ?-{2,5}/y;

/** Header fields of PEM and PGP armour. */
const FIELD = /(?:Proc-Type|DEK-Info|Version|Comment|Subject|Charset|Hash|MessageID): ?[^\r\n\\]{0,200}/g;
const BREAKS = /(?:\\[rnt]|[\s>|*#])+/g;
const BASE64_RUN = /[A-Za-z0-9+/=]{16}/;
const BASE64_ONLY = /^[.…_-]*[A-Za-z0-9][A-Za-z0-9+/=.…_-]*$/;
/** Parts of an unclosed body: breaks, then a field, a long run, or a short run with a line to itself. */
const BODY_BREAK = /(?:\s|\\[rn]){0,8}/y;
const BODY_PARTS = [
  /(?:Proc-Type|DEK-Info|Version|Comment): [^\r\n\\]{0,200}/y,
  /[A-Za-z0-9+/=]{16,16384}/y,
  /(?<=(?:[\r\n]|\\[rn])[ \t]{0,16})[A-Za-z0-9+/=]{1,15}(?=[ \t]{0,8}(?:$|[\r\n"']|\\[rn]))/y,
];

/** Private keys in armour of every kind, encrypted ones included, and those of PuTTY. */
export function privateKeyDetector(): Detector {
  const entities = Object.freeze([ENTITY]);
  return Object.freeze({ name: "private-key", entities, secrets: entities, maxLength: MAX_LENGTH, detect, openAt });
}

function detect(text: string): readonly Finding[] {
  const keys = [...armouredKeysIn(text), ...puttyKeysIn(text)];
  return keys.map(({ start, end }) => ({ entity: ENTITY, rule: ENTITY, start, end, score: 1 }));
}

function armouredKeysIn(text: string): readonly Range[] {
  const blocks: Range[] = [];
  let at = text.indexOf(WORDS);
  while (at !== -1) {
    const block = blockAround(text, at);
    if (block !== null) blocks.push(block);
    at = text.indexOf(WORDS, Math.max(at + WORDS.length, block?.end ?? 0));
  }
  return blocks;
}

/** A head that is not complete, or a key whose end may still come. */
function openAt(text: string): number {
  return Math.min(openArmourAt(text), openPuttyKeyAt(text));
}

function openArmourAt(text: string): number {
  for (let at = text.indexOf(WORDS); at !== -1; at = text.indexOf(WORDS, at + WORDS.length)) {
    const head = armourLine(text, at, HEAD_BEFORE);
    if (head !== null && !isDecided(text, head.end)) return head.start;
  }
  return text.length - (HEAD_BEGUN.exec(text.slice(-2 * HEAD_LIMIT))?.[0].length ?? 0);
}

function isDecided(text: string, from: number): boolean {
  const foot = footAfter(text, from);
  if (foot !== null) return foot.end < text.length;
  return text.length - from > 2 * BODY_LIMIT;
}

/** The block whose head has the words at `at`; null when they are no head, or nothing like a key follows. */
function blockAround(text: string, at: number): Range | null {
  const head = armourLine(text, at, HEAD_BEFORE);
  if (head === null) return null;
  const foot = footAfter(text, head.end);
  const end =
    foot === null ? unclosedEnd(text, head.end) : isKey(text.slice(head.end, foot.start)) ? foot.end : head.end;
  return end === head.end ? null : { start: head.start, end };
}

/** The armour line whose words are at `at`, when what stands before them fits. */
function armourLine(text: string, at: number, before: RegExp): Range | null {
  const windowStart = Math.max(0, at - HEAD_LIMIT);
  const opening = before.exec(text.slice(windowStart, at));
  LINE_REST.lastIndex = at;
  const rest = LINE_REST.exec(text);
  return opening === null || rest === null ? null : { start: windowStart + opening.index, end: at + rest[0].length };
}

function footAfter(text: string, from: number): Range | null {
  let at = text.indexOf(WORDS, from);
  for (let mention = 0; mention < MENTIONS && at !== -1 && at - from < BODY_LIMIT; mention++) {
    const foot = armourLine(text, at, FOOT_BEFORE);
    if (foot !== null) return foot;
    at = text.indexOf(WORDS, at + WORDS.length);
  }
  return null;
}

/** Code that handles keys has heads and feet with a variable between them. */
function isKey(armoured: string): boolean {
  const body = armoured.replace(FIELD, "").replace(BREAKS, "");
  return BASE64_RUN.test(body) || BASE64_ONLY.test(body);
}

function unclosedEnd(text: string, bodyStart: number): number {
  let end = bodyStart;
  while (end - bodyStart < BODY_LIMIT) {
    const next = bodyPartEnd(text, end);
    if (next === end) break;
    end = next;
  }
  return end;
}

function bodyPartEnd(text: string, at: number): number {
  BODY_BREAK.lastIndex = at;
  const partStart = at + (BODY_BREAK.exec(text)?.[0].length ?? 0);
  for (const part of BODY_PARTS) {
    part.lastIndex = partStart;
    const length = part.exec(text)?.[0].length;
    if (length !== undefined) return partStart + length;
  }
  return at;
}
