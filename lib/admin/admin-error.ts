export type AdminErrorCode =
  "no_organization" | "several_organizations" | "unknown_user" | "unknown_key" | "invalid_argument" | "conflict";

/** Something asked of the management service that cannot be done; the message is a sentence for who asked. */
export class AdminError extends Error {
  override readonly name = "AdminError";
  readonly code: AdminErrorCode;

  constructor(code: AdminErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
