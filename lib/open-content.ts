import { createContentVault, type ContentVault } from "./content-vault";
import type { GateOptions } from "./options";
import type { Clock, RandomBytes } from "./ports/clock";
import { resolveMasterKeys } from "./resolve-master-keys";

const CONTENT_BYTES = 32_768;

/** Null when no text of calls is kept. Throws ConfigurationError where the master key is not to be had. */
export function openContent(
  { audit = {}, store }: GateOptions,
  clock: Clock,
  random: RandomBytes,
): ContentVault | null {
  const { content, contentKey, contentBytes: limit = CONTENT_BYTES } = audit;
  if (content === undefined || store.contentKeys === undefined) return null;
  const masters = resolveMasterKeys(contentKey, store.contentKeyFile);
  return createContentVault({ keys: store.contentKeys, masters, clock, random, limit });
}
