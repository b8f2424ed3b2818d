import type { CredentialForm } from "../call";
import type { RefusalReason } from "../denial";
import type { KeySnapshot } from "../ports/store";

/** Why a credential does not let anybody in. On record only. */
export type CredentialRefusal = Extract<
  RefusalReason,
  "missing" | "malformed" | "duplicate_credential" | "bad_checksum" | "unknown_key" | "revoked" | "expired"
>;

/** What a token turned out to be. */
export type KeyJudgement =
  | { readonly ok: true; readonly snapshot: KeySnapshot; readonly stale: boolean }
  | {
      readonly ok: false;
      readonly reason: CredentialRefusal;
      /** The public part of what was presented, when it has the form of a key: safe to log. */
      readonly keyId: string | null;
    };

/** What the header lines of a request turned out to be. */
export type Verdict =
  | {
      readonly ok: true;
      readonly snapshot: KeySnapshot;
      /** The store was unreachable and a snapshot of at most 30 s answered. */
      readonly stale: boolean;
      readonly form: CredentialForm;
      readonly bothHeaders: boolean;
    }
  | {
      readonly ok: false;
      readonly reason: CredentialRefusal;
      /** A well-formed credential was judged and refused: RFC 6750's `invalid_token`. */
      readonly judged: boolean;
      readonly keyId: string | null;
      /** Null when there was nothing to judge. */
      readonly form: CredentialForm | null;
      readonly bothHeaders: boolean;
    };
