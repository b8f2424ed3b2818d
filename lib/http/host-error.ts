import { Denial, type DenialCode } from "../denial";

const CODE_BY_STATUS = new Map<number, DenialCode>([
  [404, "not_found"],
  [429, "rate_limited"],
]);

/** What a host's own failure becomes in the dialect: its 4xx status where it had one, else 500. Its text never leaves. */
export function hostError(thrown: unknown, headers: Readonly<Record<string, string>> = {}): Denial {
  if (thrown instanceof Denial) return thrown;
  const status = statusOf(thrown);
  const options = { reason: "host_error", cause: thrown, headers } as const;
  if (status === null) return new Denial("internal_error", options);
  const code = CODE_BY_STATUS.get(status);
  return code
    ? new Denial(code, options)
    : new Denial("invalid_request", { ...options, status, message: "The request was refused." });
}

/** The status of an error in http-errors' manner, when it is the client's fault. */
function statusOf(thrown: unknown): number | null {
  const status: unknown = typeof thrown === "object" && thrown !== null && "status" in thrown ? thrown.status : null;
  return typeof status === "number" && status >= 400 && status < 500 ? status : null;
}
