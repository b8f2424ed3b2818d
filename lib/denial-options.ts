import type { KeptText } from "./audit/content/kept-texts";
import type { DlpReport } from "./audit/record";
import type { RefusalReason } from "./denial";

/** What a refusal says besides its code. */
export interface DenialOptions {
  readonly reason: RefusalReason;
  /** The offending field or model: quoted to the client, escaped and capped (public-error). */
  readonly field?: string;
  /** Takes the place of the fixed sentence; must itself be fixed text or made of configured numbers. */
  readonly message?: string;
  /** Which of several rules decided, for the audit record: the entity that blocked. Never sent. */
  readonly rule?: string;
  /** For operators' logs and the audit record's `detail`; never sent. */
  readonly detail?: string;
  /** A host's own 4xx in place of the code's status. */
  readonly status?: number;
  /** Extra response header fields: `Allow`, `Retry-After`, `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What DLP had found when it refused; for the refusal's record. */
  readonly dlp?: DlpReport;
  /** What was asked, with nothing in it that DLP found; for the refusal's record, where text is kept. */
  readonly texts?: readonly KeptText[];
  readonly cause?: unknown;
}
