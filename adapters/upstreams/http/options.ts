import { closestName } from "../../../lib/closest-name";
import { ConfigurationError } from "../../../lib/denial";
import { upstreamBase, type UpstreamBase } from "./target";

export interface HttpUpstreamOptions {
  /** What the catalogue's `provider` refers to. */
  readonly name: string;
  /** The vendor's base URL, with or without its `/v1`: `https://api.openai.com/v1`, `https://api.anthropic.com`. */
  readonly baseUrl: string;
  /** The provider's key. Sent to `baseUrl` only. */
  readonly apiKey: string;
  /** `bearer` (default): `Authorization: Bearer`. `x-api-key`: Anthropic's form, with `anthropic-version` where a call names none. */
  readonly auth?: UpstreamAuth;
  /** Which protocols the provider speaks, by name. Default: all. */
  readonly protocols?: readonly string[];
  /** Milliseconds until the connection must stand. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds until the answer must begin. Default 600,000, as in the official SDKs: an answer that is not streamed begins when it is done. */
  readonly headersTimeoutMs?: number;
  /** Milliseconds that an answer may pause while it is asked for more. Default 300,000. */
  readonly idleMs?: number;
}

const AUTHS = ["bearer", "x-api-key"] as const;
export type UpstreamAuth = (typeof AUTHS)[number];

export interface HttpUpstreamSettings {
  readonly name: string;
  readonly base: UpstreamBase;
  readonly apiKey: string;
  readonly auth: UpstreamAuth;
  readonly protocols: readonly string[] | undefined;
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly idleMs: number;
}

const LEGAL = [
  "name",
  "baseUrl",
  "apiKey",
  "auth",
  "protocols",
  "connectTimeoutMs",
  "headersTimeoutMs",
  "idleMs",
] as const satisfies readonly (keyof HttpUpstreamOptions)[];

/** Checks once, at construction. Values are never quoted where a key could stand in the wrong place. */
export function readOptions(options: HttpUpstreamOptions): HttpUpstreamSettings {
  refuseUnknownNames(options);
  return Object.freeze({
    name: nameOf(options.name),
    base: baseOf(options.baseUrl),
    apiKey: keyOf(options.apiKey),
    auth: authOf(options.auth ?? "bearer"),
    protocols: protocolsOf(options.protocols),
    connectTimeoutMs: milliseconds("connectTimeoutMs", options.connectTimeoutMs ?? 10_000),
    headersTimeoutMs: milliseconds("headersTimeoutMs", options.headersTimeoutMs ?? 600_000),
    idleMs: milliseconds("idleMs", options.idleMs ?? 300_000),
  });
}

function refuseUnknownNames(options: object): void {
  for (const name of Object.keys(options)) {
    if (LEGAL.some((legal) => legal === name)) continue;
    const near = closestName(name, LEGAL);
    throw wrong(
      `has no option "${name}"; ${near === null ? `it takes ${LEGAL.join(", ")}` : `did you mean "${near}"`}`,
    );
  }
}

function nameOf(name: unknown): string {
  if (typeof name === "string" && name !== "") return name;
  throw wrong('needs "name": the name by which the catalogue\'s "provider" refers to it');
}

function baseOf(text: unknown): UpstreamBase {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw wrong('needs "baseUrl" as an absolute URL, for example "https://api.openai.com/v1"');
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw wrong('has a "baseUrl" that begins with neither "https://" nor "http://"; write the scheme in full');
  }
  if (url.username !== "" || url.password !== "") {
    throw wrong('has a "baseUrl" with credentials in it; put the key in "apiKey" and keep the URL bare');
  }
  if (url.search !== "" || url.hash !== "") throw wrong('has a "baseUrl" with a query or fragment; write it without');
  return upstreamBase(url);
}

function keyOf(key: unknown): string {
  if (typeof key === "string" && /^[\x21-\x7e]+$/.test(key)) return key;
  const received = typeof key === "string" ? `a string of ${key.length} characters` : typeof key;
  throw wrong(
    `needs "apiKey" as printable ASCII without blanks, and received ${received}; is the environment variable set?`,
  );
}

function authOf(auth: UpstreamAuth): UpstreamAuth {
  if (AUTHS.includes(auth)) return auth;
  throw wrong(`has an unknown "auth"; write ${AUTHS.map((name) => `"${name}"`).join(" or ")}`);
}

function protocolsOf(protocols: readonly string[] | undefined): readonly string[] | undefined {
  if (protocols === undefined) return undefined;
  const named = Array.isArray(protocols) && protocols.length > 0 && protocols.every((name) => typeof name === "string");
  if (!named) throw wrong('needs "protocols" as a list of protocol names; leave it out for all');
  return Object.freeze([...protocols]);
}

function milliseconds(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= 2 ** 31 - 1) return value;
  throw wrong(`has ${name}: ${value}; write whole milliseconds between 1 and 2147483647`);
}

function wrong(sentence: string): ConfigurationError {
  return new ConfigurationError("upstream_options", `httpUpstream() ${sentence}.`);
}
