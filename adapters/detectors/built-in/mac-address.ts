import type { Detector, Finding } from "../../../lib/ports/detector";
import { unbrokenRunAt } from "./unbroken-run";

const ENTITY = "MAC_ADDRESS";
const MAX_LENGTH = 24;
/** Two pairs that begin with their separator, or two groups of four: rarer than what an address begins with. */
const INSIDE = /[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]|\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}/g;
const ADDRESS =
  /(?<![0-9A-Za-z:.-])(?:[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2})(?![0-9A-Za-z]|[:.-][0-9A-Fa-f])/y;
const NOBODY = /^(?:0+|f+)$/i;

/** Hardware addresses of six bytes, as networks and as Cisco write them; not broadcast, nor all zeros. */
export function macAddressDetector(): Detector {
  return Object.freeze({
    name: "mac-address",
    entities: Object.freeze([ENTITY]),
    maxLength: MAX_LENGTH,
    detect,
    openAt: (text: string) => unbrokenRunAt(text, MAX_LENGTH),
  });
}

function detect(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { 0: inside, index } of text.matchAll(INSIDE)) {
    ADDRESS.lastIndex = index - (inside.startsWith(".") ? 4 : 2);
    const address = index < 2 ? undefined : ADDRESS.exec(text)?.[0];
    if (address === undefined || NOBODY.test(address.replace(/[:.-]/g, ""))) continue;
    const end = ADDRESS.lastIndex;
    findings.push({ entity: ENTITY, rule: ENTITY, start: end - address.length, end, score: 0.75 });
  }
  return findings;
}
