import type { Logger } from "../ports/logger";
import type { Change, Store } from "../ports/store";
import { failureOf } from "./failure-of";
import { within } from "./within";

/** More changes than this at once are not read one by one: a store gives at most this many. */
const MANY_CHANGES = 1_000;

export interface ChangeSource {
  readonly store: Pick<Store, "changesSince">;
  readonly logger: Logger;
  readonly timeoutMs: number;
}

/**
 * Every change after the epoch `since` up to `current`. Null when the log cannot be read, has gaps or runs backwards:
 * then everything counts as changed, which is slow and never wrong.
 */
export async function changesBetween(
  { store, logger, timeoutMs }: ChangeSource,
  since: number | null,
  current: number,
): Promise<readonly Change[] | null> {
  if (since === null || current < since || current - since >= MANY_CHANGES) return null;
  try {
    const changes = await within(store.changesSince(since), timeoutMs);
    const epochs = new Set(changes.map((change) => change.epoch));
    return epochs.size >= current - since ? changes : null;
  } catch (cause) {
    logger.warn("the change log cannot be read; every snapshot is dropped", failureOf(cause));
    return null;
  }
}
