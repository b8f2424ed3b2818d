import type { Logger } from "./ports/logger";

/** The host's log: where it throws or rejects (its disk is full, say) a line is lost, and nothing of what was being done. */
export function steadyLogger(logger: Logger): Logger {
  return Object.freeze<Logger>({
    debug: (...said) => void attempt(() => logger.debug(...said)),
    info: (...said) => void attempt(() => logger.info(...said)),
    warn: (...said) => void attempt(() => logger.warn(...said)),
    error: (...said) => void attempt(() => logger.error(...said)),
  });
}

async function attempt(log: () => unknown): Promise<void> {
  try {
    await log();
  } catch {
    // The log is where it would have been said.
  }
}
