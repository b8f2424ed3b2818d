import type { Clock } from "../../ports/clock";
import type { Logger } from "../../ports/logger";

const PAUSE_MS = 10_000;

/** Passes on what an append gives. The operator's log hears when the trail takes no records, and why, and when it takes them again. */
export function tellOutage({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
  let isTold = false;
  let toldAt = -PAUSE_MS;

  function failed(error: unknown): void {
    if (isTold || clock.monotonic() - toldAt < PAUSE_MS) return;
    isTold = true;
    toldAt = clock.monotonic();
    logger.error("the audit trail takes no records: calls get 503", { error: messagesOf(error) });
  }

  function succeeded(): void {
    if (isTold) logger.info("the audit trail takes records again");
    isTold = false;
  }

  return async <T>(written: Promise<T>): Promise<T> => {
    try {
      const result = await written;
      succeeded();
      return result;
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}

function messagesOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
}
