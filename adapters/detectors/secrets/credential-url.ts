import type { Detector, Finding } from "../../../lib/ports/detector";
import { unbrokenRunAt } from "../built-in/unbroken-run";
import { isStandIn } from "./placeholders";

const ENTITIES = Object.freeze(["URL_CREDENTIALS", "CONNECTION_STRING"]);
const MAX_LENGTH = 900;
const LONGEST_SCHEME = 31;
const IN_SCHEME = tableOf(/[A-Za-z0-9+.-]/);
const AUTHORITY = /([^\s/:@"'`<>\\(){}[\],;]{0,128}):([^\s/"'`<>\\]{1,256})@(?=[A-Za-z0-9_[%])/y;
/** What the host goes on with, and how far. */
const IN_HOST = /[^\s"'`<>\\,;)]/;
const IN_ASCII_HOST = tableOf(IN_HOST);
const LONGEST_HOST = 401;
/** What ends a sentence, and no host. */
const TRAILING = ".!?…*_";
/** Schemes that name a data store, a queue or a directory. */
const STORE =
  /^(?:jdbc:.{1,40}|postgres(?:ql)?(?:\+\w{1,20})?|mysqlx?(?:\+\w{1,20})?|mariadb(?:\+\w{1,20})?|mongodb(?:\+srv)?|rediss?|valkeys?|amqps?|mssql(?:\+\w{1,20})?|sqlserver|oracle(?:\+\w{1,20})?|db2|clickhouse|cockroachdb|couchbases?|cassandra|neo4j(?:\+s{1,3}c?)?|bolt|ldaps?|nats|kafka|mqtts?|memcached?|snowflake|redshift|influxdb|elasticsearch|impala|hive2?|presto|trino|vertica|firebird|sybase|rabbitmq)$/i;
/** Passwords that every example has. They score too low to count unless a policy lowers the bar. */
const WEAK =
  /password|^(?:p(?:ass)?w(?:or)?d|pass|passwd|secret|xyz|pwd|user(?:name)?|test(?:ing)?|foo|bar|baz|qux|xxx+|abc|admin|root|postgres|mysql|mongo|redis|guest|hunter2?|123(?:4(?:5(?:6)?)?)?|my[-_]?p(?:ass)?w(?:or)?d|p|pw|b|x+|\W+|[a-z])$/i;

/** `scheme://user:password@host`: a connection string where the scheme names a store, credentials in a URL otherwise. */
export function credentialUrlDetector(): Detector {
  const detect = (text: string): readonly Finding[] => {
    const findings: Finding[] = [];
    const hosts = hostsOf(text);
    for (let at = text.indexOf("://"); at !== -1; at = text.indexOf("://", at + 3)) {
      const finding = urlAround(text, at, hosts);
      if (finding !== null) findings.push(finding);
    }
    return findings;
  };
  const openAt = (text: string): number => unbrokenRunAt(text, MAX_LENGTH);
  return Object.freeze({
    name: "credential-url",
    entities: ENTITIES,
    secrets: ENTITIES,
    maxLength: MAX_LENGTH,
    detect,
    openAt,
  });
}

function urlAround(text: string, at: number, hostEnd: (start: number) => number): Finding | null {
  const scheme = schemeBefore(text, at);
  if (scheme === null) return null;
  AUTHORITY.lastIndex = at + 3;
  const match = AUTHORITY.exec(text);
  const [, user = "", password = ""] = match ?? [];
  if (match === null || isStandIn(password) || password.startsWith("$") || isStandIn(user)) return null;
  const weak = WEAK.test(password) || password === user;
  const entity = STORE.test(scheme) ? "CONNECTION_STRING" : "URL_CREDENTIALS";
  const end = hostEnd(AUTHORITY.lastIndex);
  return { entity, rule: entity, start: at - scheme.length, end, score: weak ? 0.4 : 0.85 };
}

/** The scheme that ends at `at`: as much as may be one, from a letter on. */
function schemeBefore(text: string, at: number): string | null {
  let start = at;
  while (start > at - LONGEST_SCHEME && IN_SCHEME[text.charCodeAt(start - 1)] === 1) start -= 1;
  while (start < at && !isLetter(text.charCodeAt(start))) start += 1;
  if (at - start < 2) return null;
  return text.slice(text.slice(Math.max(0, start - 5), start) === "jdbc:" ? start - 5 : start, at);
}

/** Where the host ends that begins at a place. Places come in ascending order: no character is looked at twice. */
function hostsOf(text: string): (start: number) => number {
  let run = 0;
  return (start) => {
    run = Math.max(run, start + 1);
    while (run < text.length && isInHost(text, run)) run += 1;
    let end = Math.min(run, start + LONGEST_HOST);
    while (end > start && TRAILING.includes(text.charAt(end - 1))) end -= 1;
    return end;
  };
}

function isInHost(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 ? IN_ASCII_HOST[code] === 1 : IN_HOST.test(text.charAt(at));
}

function isLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122;
}

function tableOf(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (characters.test(String.fromCharCode(code)) ? 1 : 0));
}
