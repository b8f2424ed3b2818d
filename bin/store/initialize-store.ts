import { generateKeyPairSync, randomBytes } from "node:crypto";
import { ConfigurationError } from "../../lib/denial";
import type { Store } from "../../lib/ports/store";
import { pepperFiles, resolvePeppers } from "../../lib/resolve-peppers";
import type { Environment } from "../../adapters/gate-file/environment";
import { isFresh } from "./locate-store";
import { makePrivateFile, type Made } from "./private-file";
import { isPostgres, labelOf } from "./store-at";
import { withStore } from "./with-store";

/** What a store consists of, and which of it was made now. */
export interface InitializedStore {
  readonly database: { readonly path: string; readonly state: Made };
  /** `environment`: LLM_GATE_PEPPER is set, so that no file is needed. */
  readonly pepper: { readonly path: string | null; readonly state: Made | "environment" };
  /** None beside a database that is not a file. */
  readonly checkpointKey: { readonly path: string; readonly state: Made } | null;
}

/**
 * Makes what is missing and touches nothing that is there. The pepper comes before the database, so that whoever finds a
 * database finds its pepper. Throws ConfigurationError when keys are there and the pepper they were made with is not.
 */
export function initializeStore(database: string, environment: Environment): Promise<InitializedStore> {
  return isPostgres(database) ? initializeServer(database, environment) : initializeFile(database, environment);
}

async function initializeServer(database: string, environment: Environment): Promise<InitializedStore> {
  if (environment["LLM_GATE_PEPPER"] === undefined) {
    throw new ConfigurationError(
      "pepper_missing",
      "Keys in PostgreSQL need a pepper outside it: set LLM_GATE_PEPPER, for this and for every gate, to at least 32 bytes of secret text (`openssl rand -base64 48` makes a good one).",
    );
  }
  resolvePeppers(environment["LLM_GATE_PEPPER"], undefined);
  const made = await isMade(database);
  await withStore(database, async () => undefined, { create: true });
  return Object.freeze<InitializedStore>({
    database: { path: labelOf(database), state: made ? "existing" : "created" },
    pepper: { path: null, state: "environment" },
    checkpointKey: null,
  });
}

/** Asks without making anything. */
async function isMade(database: string): Promise<boolean> {
  try {
    await withStore(database, async () => undefined);
    return true;
  } catch (error) {
    if (error instanceof ConfigurationError && error.code === "no_store") return false;
    throw error;
  }
}

async function initializeFile(database: string, environment: Environment): Promise<InitializedStore> {
  const fresh = isFresh(database);
  const early = fresh ? makePepper(database, environment) : null;
  const pepper = await withStore(
    database,
    async (store) => {
      if (early === null) await refuseLostPepper(store, database, environment);
      return early ?? makePepper(database, environment);
    },
    { create: true },
  );
  return Object.freeze<InitializedStore>({
    database: { path: database, state: fresh ? "created" : "existing" },
    pepper,
    checkpointKey: makeCheckpointKey(database),
  });
}

/** A store that was never initialised is made; one that is there is taken as it is. */
export async function initializeWhenFresh(
  database: string,
  environment: Environment,
): Promise<InitializedStore | null> {
  return isFresh(database) ? initializeStore(database, environment) : null;
}

/** A pepper that no gate would take is refused before anything is made. */
function makePepper(database: string, environment: Environment): InitializedStore["pepper"] {
  const given = environment["LLM_GATE_PEPPER"];
  if (given !== undefined) {
    resolvePeppers(given, undefined);
    return { path: null, state: "environment" };
  }
  const path = pepperFile(database);
  if (pepperFiles(path).length > 0) return { path, state: "existing" };
  return { path, state: makePrivateFile(path, () => `${randomBytes(48).toString("base64")}\n`) };
}

async function refuseLostPepper(store: Store, database: string, environment: Environment): Promise<void> {
  const path = pepperFile(database);
  if (environment["LLM_GATE_PEPPER"] !== undefined || pepperFiles(path).length > 0) return;
  const keys = ((await store.pepperUse?.()) ?? []).reduce((sum, use) => sum + use.keys, 0);
  if (keys === 0) return;
  throw new ConfigurationError(
    "pepper_missing",
    `The pepper that the ${keys} keys of ${database} were made with is gone: restore ${path}, or set LLM_GATE_PEPPER to it.`,
  );
}

/** Makes the key that signs checkpoints of the audit trail, where there is none. */
export function makeCheckpointKey(database: string): NonNullable<InitializedStore["checkpointKey"]> {
  const path = `${database}.checkpoint.key`;
  return { path, state: makePrivateFile(path, checkpointKey) };
}

/** Makes the master key of kept text, where there is none and the environment has none. */
export function makeContentKey(database: string, environment: Environment): void {
  if (environment["LLM_GATE_CONTENT_KEY"] !== undefined) return;
  makePrivateFile(`${database}.content.key`, () => `${randomBytes(CONTENT_KEY_BYTES).toString("base64")}\n`);
}

const CONTENT_KEY_BYTES = 32;

function checkpointKey(): string {
  return generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;
}

function pepperFile(database: string): string {
  return `${database}.pepper`;
}
