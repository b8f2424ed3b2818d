import type { Logger } from "./ports/logger";

/** The host's log: where it throws (its disk is full, say) a line is lost, and nothing of what was being done. */
export function steadyLogger(logger: Logger): Logger {
  return Object.freeze<Logger>({
    debug: (...said) => attempt(() => logger.debug(...said)),
    info: (...said) => attempt(() => logger.info(...said)),
    warn: (...said) => attempt(() => logger.warn(...said)),
    error: (...said) => attempt(() => logger.error(...said)),
  });
}

function attempt(log: () => unknown): void {
  try {
    log();
  } catch {
    // The log is where it would have been said.
  }
}
