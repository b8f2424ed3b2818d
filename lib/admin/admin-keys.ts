import { ConfigurationError } from "../denial";
import { mintKey } from "../keys/mint-key";
import { digestKey, type Peppers } from "../keys/pepper";
import type { Organization } from "../policy/domain";
import type { AdminTransaction, KeyRecord, NewKey, UserRecord } from "../ports/store";
import type { AdminContext } from "./admin-context";
import { AdminError } from "./admin-error";
import { keyUsability, type KeyUsability } from "./key-usability";
import { recorded, type AdminChange } from "./recorded";

export interface NewKeyRequest {
  /** The owner. */
  readonly email: string;
  /** What the key is for, in the operator's words: 1 to 100 characters. */
  readonly name: string;
  /** Milliseconds since the Unix epoch, in the future; null: never. */
  readonly expiresAt?: number | null;
}

/** The only time that the key itself is seen. */
export interface CreatedKey extends KeyUsability {
  readonly id: string;
  readonly key: string;
  readonly user: string;
  readonly name: string;
  readonly expiresAt: number | null;
}

export interface AdminKeys {
  createKey(request: NewKeyRequest): Promise<CreatedKey>;
  /** Newest first; all users' when `email` is absent. */
  listKeys(filter?: { readonly email?: string }): Promise<readonly KeyRecord[]>;
  showKey(id: string): Promise<KeyRecord>;
  /** Immediate. Revoking again changes nothing and gives the first time. */
  revokeKey(id: string): Promise<KeyRecord>;
}

const NAME_LENGTH = 100;

export function adminKeys(context: AdminContext): AdminKeys {
  const showKey = (id: string) => context.within((tx, organization) => knownKey(tx, organization, id));
  return {
    createKey: (request) => createKey(context, request),
    listKeys: (filter = {}) =>
      context.within(async (tx, organization) => {
        if (filter.email !== undefined) await knownUser(tx, organization, filter.email);
        return tx.keys(organization.id, filter.email);
      }),
    showKey,
    revokeKey: async (id) => {
      await revokeKey(context, id);
      return showKey(id);
    },
  };
}

async function createKey(context: AdminContext, request: NewKeyRequest): Promise<CreatedKey> {
  const { clock, random, keyPrefix } = context.options;
  const peppers = requiredPeppers(context);
  const { email, name, expiresAt = null } = checkedRequest(request, clock.now());
  const { id, key } = mintKey(random, keyPrefix);
  const pepperVersion = peppers.current;
  const digest = digestKey(peppers, pepperVersion, key);
  const owner = await context.within(async (tx, organization) => {
    const user = await knownUser(tx, organization, email);
    return { user, organization, ...keyUsability(user, await tx.groups(organization.id)) };
  });
  const stored: NewKey = { id, name, userId: owner.user.id, digest, pepperVersion, createdAt: clock.now(), expiresAt };
  const change = keyChange("key.create", owner.organization, id, null, { user: email, name, expiresAt });
  await recorded(context.recorder, [change], () =>
    context.within((tx, organization) => tx.insertKey(organization.id, stored)),
  );
  return Object.freeze({ id, key, user: email, name, expiresAt, works: owner.works, why: owner.why });
}

async function revokeKey({ options, recorder, within }: AdminContext, id: string): Promise<void> {
  const { organization, key } = await within(async (tx, found) => ({
    organization: found,
    key: await knownKey(tx, found, id),
  }));
  if (key.revokedAt !== null) return;
  const at = options.clock.now();
  const change = keyChange("key.revoke", organization, id, { revokedAt: null }, { revokedAt: at });
  await recorded(recorder, [change], () => within((tx) => tx.revokeKey(organization.id, id, at)));
}

function keyChange(
  operation: AdminChange["operation"],
  organization: Organization,
  keyId: string,
  before: unknown,
  after: unknown,
): AdminChange {
  return { operation, organization: organization.name, keyId, subject: `key:${keyId}`, before, after };
}

function requiredPeppers({ options }: AdminContext): Peppers {
  if (options.peppers !== undefined) return options.peppers;
  throw new ConfigurationError(
    "pepper_missing",
    "Creating a key needs the pepper that the gate itself uses: none was given.",
  );
}

function checkedRequest(request: NewKeyRequest, now: number): NewKeyRequest {
  const { name, expiresAt } = request;
  if (typeof name !== "string" || name.length === 0 || name.length > NAME_LENGTH || /\p{Cc}/u.test(name)) {
    throw new AdminError(
      "invalid_argument",
      `A key's name has 1 to ${NAME_LENGTH} characters, none of them a control character.`,
    );
  }
  if (expiresAt != null && !(Number.isSafeInteger(expiresAt) && expiresAt > now)) {
    throw new AdminError("invalid_argument", "A key must expire in the future, or never.");
  }
  return request;
}

async function knownUser(tx: AdminTransaction, organization: Organization, email: string): Promise<UserRecord> {
  const user = (await tx.users(organization.id)).find((candidate) => candidate.email === email);
  if (user !== undefined) return user;
  throw new AdminError("unknown_user", `There is no user ${JSON.stringify(email)} in ${organization.name}.`);
}

async function knownKey(tx: AdminTransaction, organization: Organization, id: string): Promise<KeyRecord> {
  const key = await tx.findKey(organization.id, id);
  if (key !== null) return key;
  throw new AdminError("unknown_key", `There is no key ${JSON.stringify(id.slice(0, 20))} in ${organization.name}.`);
}
