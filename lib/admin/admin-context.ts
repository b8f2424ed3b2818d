import { confirmPeppers } from "../confirm-peppers";
import { ConfigurationError } from "../denial";
import type { MasterKeys } from "../audit/content/master-keys";
import type { Peppers } from "../keys/pepper";
import type { AuditLog } from "../ports/audit-log";
import type { Bus } from "../ports/bus";
import type { Clock, RandomBytes } from "../ports/clock";
import type { Organization } from "../policy/domain";
import type { AdminTransaction, Store } from "../ports/store";
import { AdminError } from "./admin-error";
import type { Recorder } from "./recorded";

export interface AdminOptions {
  /** Open. */
  readonly store: Store;
  /** Needed to create keys, and for nothing else. */
  readonly peppers?: Peppers;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Where changes are put on record before they are made. Absent: nowhere. */
  readonly audit?: AuditLog;
  /** Where changes are announced after they are made, besides what the store does by itself. */
  readonly bus?: Bus;
  /** Who acts, for the record: an e-mail address. Absent: the operator. */
  readonly actor?: string;
  /** Who that is at the machine, for the record: `operating system user root`, say. */
  readonly actingAs?: string;
  /** The master keys of kept text: 32 bytes in base64 each, the current one first. Needed to read text, and for nothing else. */
  readonly contentKey?: string | MasterKeys;
  /** The organisation that is managed, by name. Absent: the only one there is. */
  readonly organization?: string;
  /** Of new keys. */
  readonly keyPrefix?: string;
}

export interface AdminContext {
  readonly options: AdminOptions;
  readonly recorder: Recorder;
  /** The store's time, which all nodes go by; milliseconds since the Unix epoch. */
  now(): Promise<number>;
  /** Runs in a transaction of the store, with the organisation that is managed. */
  within<T>(work: (tx: AdminTransaction, organization: Organization) => Promise<T>): Promise<T>;
}

export function adminContext(options: AdminOptions): AdminContext {
  const { store, bus, audit, clock, actor = null } = options;
  const announce = async (): Promise<void> => bus?.publish(await store.epoch());
  return Object.freeze({
    options,
    now: async () => store.now?.() ?? clock.now(),
    recorder: Object.freeze({ audit, announce, clock, actor }),
    within: <T>(work: (tx: AdminTransaction, organization: Organization) => Promise<T>) =>
      store.admin.transaction(async (tx) => work(tx, chosen(await tx.organizations(), options.organization))),
  });
}

/** Rejects with a ConfigurationError where keys cannot be made, or the gates would refuse them. */
export async function confirmedPeppers(context: Pick<AdminContext, "options">): Promise<Peppers> {
  const peppers = requiredPeppers(context);
  await confirmPeppers(context.options.store, peppers);
  return peppers;
}

/** Throws ConfigurationError where keys cannot be made. */
export function requiredPeppers({ options }: Pick<AdminContext, "options">): Peppers {
  if (options.peppers !== undefined) return options.peppers;
  throw new ConfigurationError(
    "pepper_missing",
    "Creating a key needs the pepper that the gate itself uses: none was given.",
  );
}

function chosen(organizations: readonly Organization[], name: string | undefined): Organization {
  const candidates = organizations.filter((organization) => name === undefined || organization.name === name);
  const [only, another] = candidates;
  if (only === undefined) throw new AdminError("no_organization", absence(name));
  if (another === undefined) return only;
  const names = organizations.map((organization) => organization.name).join(", ");
  throw new AdminError(
    "several_organizations",
    `The store holds several organizations (${names}): say which one is meant.`,
  );
}

function absence(name: string | undefined): string {
  return name === undefined
    ? "The store holds no organization yet: apply a policy first."
    : `The store holds no organization ${JSON.stringify(name)}.`;
}
