import type { Detector, Finding } from "../../../lib/ports/detector";
import { unbrokenRunAt } from "./unbroken-run";

const ENTITY = "URL";
const MAX_LENGTH = 2400;
const SCHEME = /(?<![A-Za-z0-9])(?:https?|ftps?|wss?|sftp)$/i;
const AFTER_SCHEME = "://";
const REST = /[^\s"'`<>\\^{}|[\]\u0000-\u001f\u3000-\u303f\uff00-\uffef]{1,2048}/y;
const HOST =
  /(?:[^\s/@?#]{1,128}@)?(?:\[[0-9A-Fa-f:.]{2,45}\]|[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]{0,252}[\p{L}\p{N}])?)(?::\d{1,5})?(?![\p{L}\p{N}_@:\\])/uy;
/** A name of the local network, without a port and a path to it. */
const NAME_ALONE = /^[\p{L}\p{N}_-]*[/.,;:!?)]*$/u;
/** Top-level domains that are no word and no ending of a file's name. */
const TOP_LEVEL =
  /\.(?:com|org|net|edu|gov|mil|int|info|biz|io|dev|app|ai|co|uk|de|fr|es|it|nl|pl|eu|us|ca|au|jp|cn|in|br|ch|at|be|dk|fi|no|se|il|ru|kr|mx|nz|ie|pt|gr|cz|tr|za|sg|hk|tw|online|site|xyz|shop|store|cloud|tech|blog|news|tv|ly|gl)(?::\d{2,5})?(?:[/?][^\s"'`<>\\^{}|[\]]{0,2048})?(?![\w@-]|\.\w|\()/g;
const LABELS = /(?<![\w@./:\\-])[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.){0,5}[A-Za-z0-9-]{0,62}$/;
const LONGEST_HOST = 130;
const TRAILING = /[.,;:!?*_'"»”’]+$/;

/** Addresses on the web, with a scheme or with a host whose last part is a usual top-level domain. */
export function urlDetector(): Detector {
  return Object.freeze({
    name: "url",
    entities: Object.freeze([ENTITY]),
    maxLength: MAX_LENGTH,
    detect,
    openAt: (text: string) => unbrokenRunAt(text, MAX_LENGTH),
  });
}

function detect(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  let claimed = 0;
  for (let at = text.indexOf(AFTER_SCHEME); at !== -1; at = text.indexOf(AFTER_SCHEME, at + 3)) {
    const scheme = at < claimed ? undefined : SCHEME.exec(text.slice(Math.max(0, at - 6), at))?.[0];
    const end = scheme === undefined ? null : endOf(text, at + AFTER_SCHEME.length);
    if (scheme === undefined || end === null) continue;
    findings.push({ entity: ENTITY, rule: "scheme", start: at - scheme.length, end, score: 0.8 });
    claimed = end;
  }
  return [...findings, ...bareHosts(text, findings)];
}

function* bareHosts(text: string, claimed: readonly Finding[]): Generator<Finding> {
  let next = 0;
  for (const { 0: tail, index } of text.matchAll(TOP_LEVEL)) {
    const labels = LABELS.exec(text.slice(Math.max(0, index - LONGEST_HOST), index))?.[0];
    const start = index - (labels?.length ?? 0);
    while ((claimed[next]?.end ?? Infinity) <= start) next += 1;
    if (labels === undefined || (claimed[next]?.start ?? Infinity) <= start) continue;
    yield { entity: ENTITY, rule: "host", start, end: index + tail.length - trailing(tail), score: 0.5 };
  }
}

/** Where the address ends that goes on at `at`; null where no host follows. */
function endOf(text: string, at: number): number | null {
  HOST.lastIndex = at;
  if (!HOST.test(text)) return null;
  REST.lastIndex = at;
  const rest = REST.exec(text)?.[0] ?? "";
  if (NAME_ALONE.test(rest)) return null;
  const kept = rest.length - trailing(rest);
  return kept === 0 ? null : at + kept;
}

/** Punctuation of the sentence, and a bracket that was opened before the address. */
function trailing(address: string): number {
  const bare = address.replace(TRAILING, "");
  const closed =
    bare.endsWith(")") && !bare.includes("(") ? bare.replace(/\)+[.,;:!?]*$/, "").replace(TRAILING, "") : bare;
  return address.length - closed.length;
}
