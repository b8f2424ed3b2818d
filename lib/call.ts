import type { JsonDocument } from "./http/strict-json";
import type { HeaderLines } from "./answer";
import type { DlpReport } from "./audit/record";
import type { KeptText } from "./audit/content/kept-texts";
import type { Denial } from "./denial";
import type { TokenVault } from "./dlp/tokens";
import type { Grant } from "./policy/combine-grants";
import type { CatalogueModel, Principal } from "./policy/domain";
import type { Operation, Prompt, Protocol } from "./ports/protocol";

/** Where a request was meant to go: an operation of the table, or why not. Judged only after the credential. */
export type Route =
  { readonly operation: Operation; readonly params: Readonly<Record<string, string>> } | { readonly denial: Denial };

/** A request below the guarded prefix, before anything was decided. */
export interface Call {
  /** Ours, UUIDv7. */
  readonly requestId: string;
  /** The caller's own `x-request-id`, at most 200 characters. */
  readonly clientRequestId: string | null;
  /** The coding agent's own session id, at most 200 characters. */
  readonly clientSessionId: string | null;
  /** The dialect that errors leave in. */
  readonly protocol: Protocol;
  readonly route: Route;
  readonly method: string;
  /** Canonical path with the prefix, without the query. */
  readonly path: string;
  /** Below the prefix, with the query: `/messages?beta=true`. What an upstream appends to its base. */
  readonly target: string;
  /** What may go upstream: no credential, cookie, hop-by-hop, range, condition or encoding field. */
  readonly headers: HeaderLines;
  readonly source: string | null;
  readonly userAgent: string | null;
  /** Milliseconds since the Unix epoch, and on the monotonic clock. */
  readonly receivedAt: number;
  readonly startedAt: number;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

export type CredentialForm = "bearer" | "x-api-key";

/** The key was judged: who is asking is known. */
export interface AuthenticatedCall extends Call {
  readonly principal: Principal;
  readonly grant: Grant;
  readonly credential: CredentialForm;
  readonly bothHeaders: boolean;
  /** The store was unreachable and a snapshot of at most 30 s answered. */
  readonly staleAuth: boolean;
}

/** The endpoint and method exist, the caller may use keys at all, and the body was read. */
export interface AdmittedCall extends AuthenticatedCall {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  /** Null for operations without one. */
  readonly body: JsonDocument | null;
}

/** The caller may use what the call names. */
export interface EntitledCall extends AdmittedCall {
  readonly prompt: Prompt | null;
  /** Null for operations on a response id. */
  readonly model: CatalogueModel | null;
  /** Which upstream the catalogue, or the ledger of response ids, points to. */
  readonly upstream: string | null;
  /** Ask Mode: neither the call nor its chain carries tools; remembered with the response id. */
  readonly toolFree: boolean;
}

/** Nothing in it must stay here: it may go upstream once its intent is durable. */
export interface ClearedCall extends EntitledCall {
  /** Exactly what goes upstream; empty for operations without a body. */
  readonly bytes: Uint8Array;
  readonly dlp: DlpReport | null;
  /** What the tokens in `bytes` stand for, to be put back in the answer; it shows no value. Absent where none can be made. */
  readonly tokens?: TokenVault;
  /** What was asked, with nothing in it that was found: for the record. Absent where no text is kept. */
  readonly texts?: readonly KeptText[];
}
