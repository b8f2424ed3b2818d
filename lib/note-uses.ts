import { failureOf } from "./auth/failure-of";
import { within } from "./auth/within";
import type { Core } from "./core";

/** How coarse "last used" is, and how much of it a node that dies takes along. */
const FLUSH_MS = 60_000;
const LIMIT_MS = 2_000;

export interface UseNotes {
  /** The key let somebody in. */
  used(keyId: string): void;
  start(): void;
  /** Writes what is noted. Never rejects. */
  stop(): Promise<void>;
}

/** Notes the last use of keys, and tells the store now and then: nothing waits for that, and an outage loses a minute of it. */
export function noteUses({ options, snapshots, logger }: Pick<Core, "options" | "snapshots" | "logger">): UseNotes {
  const { store } = options;
  let uses = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    const noted = uses;
    uses = new Map();
    if (noted.size === 0) return;
    await mark(noted).catch((cause: unknown) => {
      logger.debug("the store did not take when keys were last used", failureOf(cause));
    });
  }

  const mark = async (noted: ReadonlyMap<string, number>): Promise<void> =>
    store.markUsed === undefined ? undefined : within(store.markUsed(noted), LIMIT_MS);

  return Object.freeze({
    used: (keyId: string) => void uses.set(keyId, snapshots.now()),
    start: () => void (timer ??= setInterval(() => void flush(), FLUSH_MS).unref()),
    async stop(): Promise<void> {
      clearInterval(timer);
      await flush();
    },
  });
}
