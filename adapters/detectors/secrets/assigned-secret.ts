import type { Detector, Finding } from "../../../lib/ports/detector";
import { unbrokenRunAt } from "../built-in/unbroken-run";
import { promiseOf } from "./name-of-secret";
import { isStandIn } from "./placeholders";
import { looksRandom } from "./randomness";
import { serviceIn, type Service } from "./service-in";
import { valueRuns } from "./value-runs";
import { wordsOf } from "./words-of";

const ENTITIES = Object.freeze(["API_KEY", "GENERIC_SECRET"]);
/** How far before a value its name is looked for, and its service's. */
const NAME_REACH = 64;
const SERVICE_REACH = 56;
const MAX_LENGTH = 520;
const LONGEST_UNNAMED = 200;

/** What may stand between a name and its value, read backwards from the value. */
const OPENING = /(?:\b[bfru])?\\?["'`]{1,3}$/;
const SCHEME = /(?:\b(?:Bearer|bearer|Basic|basic|Token|token|ApiKey|Key|GenieKey|SSWS|Klaviyo-API-Key|key))[ =]["']?$/;
const OPERATOR = /(?:[=:?|.<+]{0,3}=|=>|:{1,3}|>|\bis)$/;
/** These assign only what is quoted. */
const OPERATOR_BEFORE_QUOTE = /(?:,|\(|\[)$/;
/** Where what came before a name ends. */
const NAME_EDGE = /[,;{}&?\n\r<|(]/;
/** What may follow a value that no quote opened. */
const AFTER = /^(?:$|[\s,;)}\]<&"'`|]|\\[nrt"']|\.(?:\s|$))/;

/** Random values that are assigned to something whose name is a secret's, or a service's that issues keys. */
export function assignedSecretDetector(): Detector {
  const detect = (text: string): readonly Finding[] => {
    const findings: Finding[] = [];
    valueRuns(text, (start, end) => {
      const finding = secretAt(text, start, end);
      if (finding !== null) findings.push(finding);
    });
    return findings;
  };
  const openAt = (text: string): number => unbrokenRunAt(text, MAX_LENGTH);
  return Object.freeze({
    name: "assigned-secret",
    entities: ENTITIES,
    secrets: ENTITIES,
    maxLength: MAX_LENGTH,
    detect,
    openAt,
  });
}

function secretAt(text: string, start: number, end: number): Finding | null {
  if (!maybeAssigned(text.charCodeAt(start - 1))) return null;
  const before = text.slice(Math.max(0, start - NAME_REACH), start);
  const name = nameBefore(before, text.slice(end, end + 2));
  if (name === null) return null;
  const value = text.slice(start, end);
  if (value.startsWith("//") || !looksRandom(value) || isStandIn(value)) return null;
  const promise = promiseOf(wordsOf(name));
  if (promise === "harmless" || (promise === "none" && value.length > LONGEST_UNNAMED)) return null;
  const service = serviceFor(before, name);
  const place = { start, end };
  if (service !== null && (service.distinct || promise !== "none" || isNamedAfter(service, name, value))) {
    return { entity: "API_KEY", rule: service.name, ...place, score: promise === "none" ? 0.6 : 0.8 };
  }
  if (promise === "secret") return { entity: "GENERIC_SECRET", rule: "assigned-secret", ...place, score: 0.7 };
  if (promise === "key" && value.length >= 20) {
    return { entity: "GENERIC_SECRET", rule: "assigned-key", ...place, score: 0.55 };
  }
  return null;
}

/** Names that are no everyday words count wherever they stand before a value, others in its own name alone. */
function serviceFor(before: string, name: string): Service | null {
  const near = serviceIn(wordsOf(before.slice(-SERVICE_REACH)));
  return near === null || near.distinct ? near : serviceIn(wordsOf(name));
}

/** `box = "…"`: nothing but the service's name, before a value as long as keys are. */
function isNamedAfter(service: Service, name: string, value: string): boolean {
  return value.length >= 20 && wordsOf(name).join("") === service.name;
}

/** Whether a value may stand behind this character: white space, quotes, `=`, `:`, `>`; and at a text's beginning, none. */
function maybeAssigned(code: number): boolean {
  return (
    code === 32 ||
    code === 34 ||
    code === 39 ||
    code === 61 ||
    code === 58 ||
    code === 62 ||
    code === 96 ||
    code === 9 ||
    code === 10
  );
}

/** What a value is assigned to; null where it is not assigned, or where it goes on after `after`. */
function nameBefore(before: string, after: string): string | null {
  const scheme = SCHEME.exec(before)?.[0] ?? "";
  const bare = before.slice(0, before.length - scheme.length);
  const quote = OPENING.exec(bare)?.[0] ?? "";
  const opened = quote.slice(-1);
  if (opened === "" ? !AFTER.test(after) : !after.replace("\\", "").startsWith(opened)) return null;
  const left = bare.slice(0, bare.length - quote.length).replace(/\s{1,16}$/, "");
  const operator = (OPERATOR.exec(left) ?? (opened === "" ? null : OPERATOR_BEFORE_QUOTE.exec(left)))?.[0];
  if (operator === undefined) return scheme === "" ? unassignedName(left, bare.slice(left.length), after) : scheme;
  const named = left.slice(0, left.length - operator.length);
  return `${named.slice(edgeOf(named))} ${scheme}`;
}

function edgeOf(named: string): number {
  for (let at = named.length - 1; at >= 0; at--) if (NAME_EDGE.test(named.charAt(at))) return at + 1;
  return 0;
}

/** `--api-key VALUE`, an option of a command; or the line before a value that has a line to itself. */
function unassignedName(left: string, gap: string, after: string): string | null {
  const option = /(?:^|\s)--?[A-Za-z][A-Za-z-]{1,40}$/.exec(left)?.[0];
  if (option !== undefined) return option;
  const ownLine = /[\r\n]/.test(gap) && /^(?:$|[\r\n])/.test(after);
  return ownLine ? (/[^\r\n]{0,64}$/.exec(left)?.[0] ?? null) : null;
}
