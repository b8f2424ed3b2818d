import type { CredentialForm } from "../call";

/**
 * What the headers presented. A closed union, so that nothing but one well-formed token can be judged further, and so
 * that no second header can rescue the first.
 */
export type Credential =
  | { readonly kind: "missing" | "malformed" | "duplicate" }
  | {
      readonly kind: "candidate";
      readonly form: CredentialForm;
      readonly token: string;
      /** An `x-api-key` line that says something else stood beside `Authorization`. */
      readonly bothHeaders: boolean;
    };

/** RFC 6750's b64token, optional white space around it. */
const TOKEN = /^[ \t]*([A-Za-z0-9\-._~+/]+=*)[ \t]*$/;
const BEARER = /^[ \t]*bearer +([A-Za-z0-9\-._~+/]+=*)[ \t]*$/i;
const SHORTEST = 16;
const LONGEST = 512;

/**
 * Judges header lines as received (`req.rawHeaders`): `req.headers` hides a second `Authorization` line. An
 * `Authorization` line decides alone, even when it is empty (contract: credentials).
 */
export function readCredentials(rawHeaders: readonly string[]): Credential {
  const authorization = fieldLines(rawHeaders, "authorization");
  const apiKey = fieldLines(rawHeaders, "x-api-key");
  if (authorization.length > 0) return judgeAuthorization(authorization, apiKey);
  if (apiKey.length > 0) return judgeApiKey(apiKey);
  return { kind: "missing" };
}

function judgeAuthorization(lines: readonly string[], apiKey: readonly string[]): Credential {
  if (lines.length > 1) return { kind: "duplicate" };
  const token = wellFormed(BEARER, lines.join());
  if (token === null) return { kind: "malformed" };
  const bothHeaders = apiKey.some((line) => wellFormed(TOKEN, line) !== token);
  return { kind: "candidate", form: "bearer", token, bothHeaders };
}

/** A comma is how two lines are joined, by proxies too. */
function judgeApiKey(lines: readonly string[]): Credential {
  const value = lines.join();
  if (value.includes(",")) return { kind: "duplicate" };
  const token = wellFormed(TOKEN, value);
  return token === null ? { kind: "malformed" } : { kind: "candidate", form: "x-api-key", token, bothHeaders: false };
}

function wellFormed(grammar: RegExp, value: string): string | null {
  const token = grammar.exec(value)?.[1];
  return token !== undefined && token.length >= SHORTEST && token.length <= LONGEST ? token : null;
}

function fieldLines(rawHeaders: readonly string[], field: string): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === field) lines.push(rawHeaders[at + 1] ?? "");
  }
  return lines;
}
