import type { Detector, Finding } from "../../../lib/ports/detector";
import { unbrokenRunAt } from "../built-in/unbroken-run";
import { isStandIn } from "./placeholders";

const ENTITIES = Object.freeze(["URL_CREDENTIALS", "CONNECTION_STRING"]);
const MAX_LENGTH = 900;
const SCHEME = /(?:jdbc:)?[A-Za-z][A-Za-z0-9+.-]{1,30}$/;
const AUTHORITY = /([^\s/:@"'`<>\\(){}[\],;]{0,128}):([^\s/"'`<>\\]{1,256})@([A-Za-z0-9_[%][^\s"'`<>\\,;)]{0,400})/y;
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
    for (let at = text.indexOf("://"); at !== -1; at = text.indexOf("://", at + 3)) {
      const finding = urlAround(text, at);
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

function urlAround(text: string, at: number): Finding | null {
  const scheme = SCHEME.exec(text.slice(Math.max(0, at - 40), at))?.[0];
  if (scheme === undefined) return null;
  AUTHORITY.lastIndex = at + 3;
  const match = AUTHORITY.exec(text);
  const [, user = "", password = "", host = ""] = match ?? [];
  if (match === null || isStandIn(password) || password.startsWith("$") || isStandIn(user)) return null;
  const weak = WEAK.test(password) || password === user;
  const entity = STORE.test(scheme) ? "CONNECTION_STRING" : "URL_CREDENTIALS";
  const end = AUTHORITY.lastIndex - (/[.!?…*_]+$/.exec(host)?.[0].length ?? 0);
  return { entity, rule: entity, start: at - scheme.length, end, score: weak ? 0.4 : 0.85 };
}
