import { ConfigurationError } from "../denial";

export const DEFAULT_REALM = "llm-gate";

/** The realm itself, or a ConfigurationError: it goes into a header field unescaped. */
export function checkRealm(realm: string): string {
  if (/^[\x20-\x7e]+$/.test(realm) && !/["\\]/.test(realm)) return realm;
  throw new ConfigurationError(
    "realm",
    `realm is ${JSON.stringify(realm)}; it must be printable ASCII without quotes or backslashes, such as "${DEFAULT_REALM}".`,
  );
}

/** The value of `WWW-Authenticate` (RFC 6750 §3): `error` only where a well-formed credential was judged and refused. */
export function challenge(realm: string, judged: boolean): string {
  const scheme = `Bearer realm="${realm}"`;
  return judged ? `${scheme}, error="invalid_token"` : scheme;
}
