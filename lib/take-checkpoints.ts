import type { SignedCheckpoint } from "./audit/checkpoint";
import type { CheckpointExport } from "./ports/audit-log";
import type { Logger } from "./ports/logger";

export interface CheckpointParts {
  /** Puts one on record. */
  take(): Promise<SignedCheckpoint>;
  /** The copy outside the database; null for none. */
  readonly copy: CheckpointExport | null;
  readonly logger: Logger;
  /** Default 60,000 ms. */
  readonly everyMs?: number;
}

/** Takes a checkpoint at start, every minute whether or not anything happened, and at a clean stop. */
export interface Checkpoints {
  start(): Promise<void>;
  /** Takes the last one. */
  stop(): Promise<void>;
}

const EVERY_MS = 60_000;
/** A day's checkpoints wait for a file that cannot be written. */
const COPIES_KEPT = 1_440;

export function takeCheckpoints(parts: CheckpointParts): Checkpoints {
  const uncopied: SignedCheckpoint[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  const next = (): Promise<void> => {
    running ??= takeOne(parts, uncopied).finally(() => (running = null));
    return running;
  };
  return Object.freeze({
    async start(): Promise<void> {
      clearInterval(timer);
      timer = setInterval(() => void next(), parts.everyMs ?? EVERY_MS).unref();
      await next();
    },
    async stop(): Promise<void> {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      await running;
      await next();
    },
  });
}

/** On record first: the copy never says more than the trail. A failure is for the log; the next one tries again. */
async function takeOne({ take, copy, logger }: CheckpointParts, uncopied: SignedCheckpoint[]): Promise<void> {
  try {
    uncopied.push(await take());
    if (uncopied.length > COPIES_KEPT) uncopied.splice(0, uncopied.length - COPIES_KEPT);
    if (copy !== null) await copy.write([...uncopied]);
    uncopied.length = 0;
  } catch (error) {
    logger.error("an audit checkpoint could not be taken or copied out", { error: messageOf(error) });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error;
}
