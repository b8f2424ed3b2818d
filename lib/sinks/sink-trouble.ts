import { types } from "node:util";

export interface SinkTroubleOptions {
  /** Milliseconds that the other side asked to be left alone for. */
  readonly retryAfterMs?: number;
  /** Trying again will hardly help: somebody has to look. */
  readonly permanent?: boolean;
}

/** Why a sink did not take a batch, in words that may be logged: no address with credentials, nothing of a record. */
export class SinkTrouble extends Error {
  override readonly name = "SinkTrouble";
  readonly retryAfterMs: number | null;
  readonly permanent: boolean;

  constructor(message: string, { retryAfterMs, permanent = false }: SinkTroubleOptions = {}) {
    super(message);
    this.retryAfterMs = retryAfterMs ?? null;
    this.permanent = permanent;
  }
}

/** What may be said of an error: another's message could quote a record or a credential. */
export function troubleOf(error: unknown): string {
  if (error instanceof SinkTrouble) return error.message;
  if (!types.isNativeError(error)) return typeof error;
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" && /^[A-Z0-9_]{1,40}$/.test(code) ? `${error.name} ${code}` : error.name;
}
