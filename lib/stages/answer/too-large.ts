import { Denial } from "../../denial";

/** 502: what cannot be held cannot be inspected. */
export function tooLarge(): Denial {
  return new Denial("upstream_unavailable", { reason: "upstream_malformed", detail: "stream too large to inspect" });
}
