import { within } from "./auth/within";
import type { Core } from "./core";

/** Whether the trail's database lets this gate write. */
export interface TrailWatch {
  start(): Promise<void>;
  stop(): void;
  writable(): boolean;
}

const EVERY_MS = 2_000;
const LIMIT_MS = 2_000;

/**
 * Asks now and then: what refuses every record would only show by calls that get 503. No answer changes nothing, since an
 * outage is everybody's, and ends by itself: that all gates are taken out of service then would help nobody.
 */
export function watchTrail({ audit, logger }: Pick<Core, "audit" | "logger">): TrailWatch {
  let writable = true;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const was = writable;
    writable = (await within(audit.writable?.() ?? Promise.resolve(true), LIMIT_MS).catch(() => null)) ?? was;
    if (was && !writable) logger.error("the audit trail's database lets this gate write no records: calls get 503");
    if (!was && writable) logger.info("the audit trail's database lets this gate write again");
  }

  return Object.freeze({
    async start(): Promise<void> {
      if (audit.writable === undefined) return;
      timer ??= setInterval(() => void look(), EVERY_MS).unref();
      await look();
    },
    stop(): void {
      clearInterval(timer);
      timer = undefined;
    },
    writable: () => writable,
  });
}
