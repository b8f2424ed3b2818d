import { Denial } from "../../denial";
import type { EffectivePolicy } from "../../dlp/engine";
import type { ReadEvent } from "./read-events";

/**
 * 502: lines in no framing that is known (JSON lines, events without the blank line between them). What their texts are,
 * and how they go on in the next, cannot be told.
 */
export function refuseUnread({ event, data, content }: ReadEvent, policy: EffectivePolicy): void {
  const several = data === null && content.terminal === null && event.data?.includes("\n") === true;
  if (!policy.intervenes || (event.stray !== true && !several)) return;
  throw new Denial("upstream_unavailable", { reason: "upstream_malformed", detail: "a stream of no known framing" });
}
