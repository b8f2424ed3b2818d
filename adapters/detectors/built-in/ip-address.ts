import { isIPv6 } from "node:net";
import type { Detector, Finding } from "../../../lib/ports/detector";
import { contextOf, surroundingsOf } from "../context-words";
import { unbrokenRunAt } from "./unbroken-run";

const ENTITY = "IP_ADDRESS";
const MAX_LENGTH = 72;
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const V4 = new RegExp(`(?<![\\w.+-]|\\d,)(?:${OCTET}\\.){3}${OCTET}(?![\\w]|\\.\\d|-\\d)`, "g");
const V6_RUN = /(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:|::)[0-9A-Fa-f:.]{0,45}(?:%[A-Za-z0-9_.-]{1,16})?(?![\w:])/g;
/** Nobody's address: loopback, unspecified, broadcast and net masks. */
const NOBODY = /^(?:127\.|0\.|255\.)/;
/** Eight words, six and four bytes, or words left out: what `a:b` is not need not be read closely. */
const COMPLETE = /::|(?:[^:]*:){6}/;
const VERSION = contextOf("version|versions|v|ver|release|build|oid|section|chapter");

/** Addresses of IPv4 and IPv6. Loopback and masks score least; after the word "version" it is none. */
export function ipAddressDetector(): Detector {
  return Object.freeze({
    name: "ip-address",
    entities: Object.freeze([ENTITY]),
    maxLength: MAX_LENGTH,
    detect,
    openAt: (text: string) => unbrokenRunAt(text, MAX_LENGTH),
  });
}

function detect(text: string): readonly Finding[] {
  return [...(text.includes(".") ? fourBytes(text) : []), ...(text.includes(":") ? eightWords(text) : [])];
}

function* fourBytes(text: string): Generator<Finding> {
  for (const { 0: address, index } of text.matchAll(V4)) {
    const end = index + address.length;
    const score = surroundingsOf(text, index, end).has(VERSION) ? 0.3 : NOBODY.test(address) ? 0.5 : 0.75;
    yield { entity: ENTITY, rule: "ipv4", start: index, end, score };
  }
}

function* eightWords(text: string): Generator<Finding> {
  for (const { 0: run, index } of text.matchAll(V6_RUN)) {
    const address = run.replace(/[.:]$/, (last) => (run.endsWith("::") ? last : ""));
    if (!COMPLETE.test(address) || !isIPv6(address) || !hasSubstance(address)) continue;
    yield {
      entity: ENTITY,
      rule: "ipv6",
      start: index,
      end: index + address.length,
      score: address === "::1" ? 0.5 : 0.75,
    };
  }
}

/** `::`, `a::b` and `std::fe` are written in code far more often than in networks. */
function hasSubstance(address: string): boolean {
  const words = address.split(":").filter((word) => word !== "");
  return words.length >= 3 || /\d/.test(address);
}
