import type { SignedCheckpoint } from "./audit/checkpoint";
import { within } from "./auth/within";
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
  /** How long the copy is waited for. Default 5,000 ms. */
  readonly copyMs?: number;
}

/** Takes a checkpoint at start, every minute whether or not anything happened, and at a clean stop. */
export interface Checkpoints {
  start(): Promise<void>;
  /** Takes the last one. */
  stop(): Promise<void>;
}

const EVERY_MS = 60_000;
const COPY_MS = 5_000;
/** A day's checkpoints wait for a file that cannot be written. */
const COPIES_KEPT = 1_440;

export function takeCheckpoints(parts: CheckpointParts): Checkpoints {
  const taken: Taken = { uncopied: [], copying: null };
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  const next = (): Promise<void> => {
    running ??= takeOne(parts, taken).finally(() => (running = null));
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

interface Taken {
  uncopied: readonly SignedCheckpoint[];
  copying: Promise<void> | null;
}

/** On record first: the copy never says more than the trail. A failure is for the log; the next one tries again. */
async function takeOne({ take, copy, copyMs = COPY_MS, logger }: CheckpointParts, taken: Taken): Promise<void> {
  try {
    const checkpoint = await take();
    if (copy === null) return;
    taken.uncopied = [...taken.uncopied, checkpoint].slice(-COPIES_KEPT);
    taken.copying ??= copyOut(copy, taken).finally(() => (taken.copying = null));
    await within(taken.copying, copyMs);
  } catch (error) {
    logger.error("an audit checkpoint could not be taken or copied out", { error: messageOf(error) });
  }
}

/** What hangs, as a file on another machine can, keeps no checkpoint from being taken, and is not written to beside itself. */
async function copyOut(copy: CheckpointExport, taken: Taken): Promise<void> {
  const copied = taken.uncopied;
  await copy.write(copied);
  taken.uncopied = taken.uncopied.filter((checkpoint) => !copied.includes(checkpoint));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error;
}
