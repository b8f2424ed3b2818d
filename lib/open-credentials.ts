import { DEFAULT_REALM } from "./auth/challenge";
import { firstPresented, type FirstPresented } from "./auth/first-presented";
import type { Snapshots } from "./auth/snapshot-cache";
import { createKeyVerifier } from "./auth/verify-key";
import { importSecrets } from "./keys/imported-key";
import type { Peppers } from "./keys/pepper";
import type { GateOptions } from "./options";
import type { Clock } from "./ports/clock";
import type { Logger } from "./ports/logger";
import { rehashKeys, type KeyRehasher } from "./rehash-keys";
import { resolvePeppers } from "./resolve-peppers";

/** Who judges credentials, and with what. */
export interface Credentials {
  readonly credentials: FirstPresented;
  readonly peppers: Peppers;
  readonly rehasher: KeyRehasher;
}

export function openCredentials(options: GateOptions, snapshots: Snapshots, clock: Clock, logger: Logger): Credentials {
  const peppers = resolvePeppers(options.pepper, options.store.pepperFile);
  const rehasher = rehashKeys(options.store, peppers, logger);
  const verifyKey = createKeyVerifier({
    ...{ snapshots, peppers, clock: { ...clock, now: snapshots.now } },
    ...(options.keyPrefix !== undefined && { prefix: options.keyPrefix }),
    importSecrets: importSecrets(options.importedKeys?.hmacSecrets),
    onProven: rehasher.proven,
    onLostPepper: lostPeppers(logger),
  });
  const credentials = firstPresented({ verifyKey, realm: options.realm ?? DEFAULT_REALM });
  return { credentials, peppers, rehasher };
}

/** Says it once of each version: a key that is in use may come thousands of times. */
function lostPeppers(logger: Logger): (version: number) => void {
  const said = new Set<number>();
  return (version) => {
    if (said.has(version)) return;
    said.add(version);
    const message = `keys are in use whose pepper, version ${version}, is not given here: they get 503. Set LLM_GATE_PEPPER_${version} and restart`;
    logger.error(message, { version });
  };
}
