import { isJsonObject } from "../../lib/json";
import { members, scanned, type TextReader } from "./text-map";

const IDENTIFIER = /^[\w-]{1,128}$/;

/** An id or a word of the protocol is left alone; whatever does not look like one is scanned. */
export const identifier: TextReader = (place, found) => {
  const plain = typeof place.value === "string" && IDENTIFIER.test(place.value);
  if (!plain) scanned(place, found);
};

/** An address is scanned; the bytes inside a `data:` one are not text. */
export const address: TextReader = (place, found) => {
  const isData = typeof place.value === "string" && place.value.startsWith("data:");
  if (!isData) scanned(place, found);
};

const addressed = members({ url: address, detail: identifier });

/** An address, bare or as `{ url }`. */
export const addressOrUrl: TextReader = (place, found) =>
  (isJsonObject(place.value) ? addressed : address)(place, found);
