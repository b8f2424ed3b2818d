import type { AuditRecord, Outcome } from "../../lib/audit/record";
import type { RefusalReason } from "../../lib/denial";
import { ERRORS, type Dialect, type ErrorCode } from "./dialects";
import { send, type Received, type Sent } from "./http-client";
import type { Site } from "./site";

export type HeaderPairs = readonly (readonly [name: string, value: string])[];

export const FORMS = ["bearer", "x-api-key"] as const;
export type Form = (typeof FORMS)[number];

/** A call in the words of the contract. */
export interface Ask {
  readonly dialect: Dialect;
  /** Whose key. */
  readonly as?: string;
  readonly form?: Form;
  /** In place of, or beside, what `as` presents. */
  readonly headers?: HeaderPairs;
  /** Members beside the dialect's minimal ones. */
  readonly with?: object;
  readonly text?: string;
  /** In place of the dialect's body; a string or bytes go as they are. */
  readonly body?: string | Uint8Array | object | null;
  readonly contentType?: string | null;
  readonly method?: string;
  readonly path?: string;
}

export interface Allowed {
  readonly status?: number;
  /** `call`: intent and completion; `single`: the gate's own answer. */
  readonly records?: "call" | "single";
  readonly outcome?: Outcome;
  readonly upstream?: number;
  readonly record?: Partial<AuditRecord>;
}

export interface Refused {
  readonly refused: ErrorCode;
  readonly reason: RefusalReason;
  /** Another status than the code's: a host's own. */
  readonly status?: number;
  readonly message?: unknown;
  /** The call had got past the gate. */
  readonly outcome?: Outcome;
  readonly upstream?: number;
  readonly record?: Partial<AuditRecord>;
}

export interface Checked extends Received {
  readonly json: unknown;
  readonly records: readonly AuditRecord[];
}

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const PERMANENT = [400, 401, 403, 404, 405, 413, 415];
const TEMPORARY = [429, 503];

export async function presented(site: Site, { as, form = "bearer" }: Pick<Ask, "as" | "form">): Promise<HeaderPairs> {
  if (as === undefined) return [];
  const key = await site.key(as);
  return form === "bearer" ? [["Authorization", `Bearer ${key}`]] : [["x-api-key", key]];
}

/** One request over a real socket, and everything that the contract says of its answer, its record and the provider. */
export async function check(site: Site, ask: Ask, expected: Allowed | Refused): Promise<Checked> {
  const before = site.upstream.calls.length;
  const received = await send(site.port, await requestOf(site, ask));
  const records = await recordsOf(site, received);
  const checked = { ...received, json: jsonOf(received.text), records };
  if ("refused" in expected) expectRefusal(ask.dialect, expected, checked);
  else expectAnswer(expected, checked);
  expect(site.upstream.violations).toEqual([]);
  const called =
    "refused" in expected ? (expected.outcome === undefined ? 0 : 1) : expected.records === "single" ? 0 : 1;
  expect([`calls of the upstream`, site.upstream.calls.length - before]).toEqual([
    "calls of the upstream",
    expected.upstream ?? called,
  ]);
  return checked;
}

export async function requestOf(site: Site, ask: Ask): Promise<Sent> {
  const { dialect, contentType = "application/json", method = "POST" } = ask;
  const body = ask.body === undefined ? dialect.ask(ask.text ?? "Hello", ask.with) : ask.body;
  const bytes = typeof body === "string" || body instanceof Uint8Array || body === null ? body : JSON.stringify(body);
  const described: HeaderPairs = contentType === null || bytes === null ? [] : [["Content-Type", contentType]];
  const headers = [...(await presented(site, ask)), ...(ask.headers ?? []), ...described];
  return { method, path: ask.path ?? dialect.path, headers, body: bytes };
}

export async function recordsOf(site: Site, { headers }: Pick<Received, "headers">): Promise<readonly AuditRecord[]> {
  const id = headers["x-request-id"];
  expect(id).toMatch(UUID_V7);
  return (await site.trail()).filter(({ requestId }) => requestId === id);
}

function expectAnswer(expected: Allowed, { status, records, text }: Checked): void {
  expect([status, text]).toEqual([expected.status ?? 200, text]);
  const kinds = expected.records === "single" ? ["completion"] : ["intent", "completion"];
  expect(records.map(({ kind }) => kind)).toEqual(kinds);
  const ending = { decision: "allow", outcome: expected.outcome ?? "ok", status: expected.status ?? 200 };
  expect(records.at(-1)).toMatchObject({ ...ending, ...expected.record });
}

function expectRefusal(dialect: Dialect, expected: Refused, checked: Checked): void {
  const { refused, reason, outcome } = expected;
  const status = expected.status ?? ERRORS[refused].status;
  expect([checked.status, checked.text]).toEqual([status, checked.text]);
  expectErrorHeaders(checked);
  const message = expected.message ?? (expect.stringMatching(/^[\x20-\x7e]{1,320}$/) as unknown);
  expect(checked.json).toEqual(dialect.envelope(refused, message));
  const kinds = outcome === undefined ? ["refusal"] : ["intent", "completion"];
  expect(checked.records.map(({ kind }) => kind)).toEqual(kinds);
  const ending = outcome === undefined ? { decision: "deny", outcome: null } : { outcome };
  expect(checked.records.at(-1)).toMatchObject({ status, reason, ...ending, ...expected.record });
}

/** What every error that the gate makes carries, whatever it is. */
export function expectErrorHeaders({ status, headers }: Pick<Received, "status" | "headers">): void {
  expect(headers["x-request-id"]).toMatch(UUID_V7);
  expect(headers["content-type"]).toMatch(/^application\/json\b/);
  expect(headers["cache-control"]).toBe("no-store");
  expect(headers["vary"]).toMatch(/authorization/i);
  expect(headers["access-control-allow-origin"]).toBeUndefined();
  expect([status, headers["x-should-retry"]]).toEqual([status, PERMANENT.includes(status) ? "false" : undefined]);
  if (TEMPORARY.includes(status)) expect(headers["retry-after"]).toMatch(/^\d+$/);
  if (status === 401)
    expect(headers["www-authenticate"]).toMatch(/^Bearer realm="llm-gate"(, error="invalid_token")?$/);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
