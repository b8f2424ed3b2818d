import { mintKey } from "../keys/mint-key";
import { digestKey } from "../keys/pepper";
import type { Organization } from "../policy/domain";
import type { KeyChange, KeyLimits, KeyRecord, NewKey } from "../ports/store";
import { confirmedPeppers, type AdminContext } from "./admin-context";
import { changeKey } from "./change-key";
import { importKeys, type ImportOptions, type ImportReport } from "./import-keys";
import type { ImportLine, ImportProblem } from "./judge-imports";
import { keyUsability, type KeyUsability } from "./key-usability";
import { checkedKeyValues } from "./key-values";
import { knownKey, knownUser } from "./known";
import { recorded, type AdminChange } from "./recorded";
import { rotateKey, type RotatedKey, type RotateRequest } from "./rotate-key";

export interface NewKeyRequest extends Partial<KeyLimits> {
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
  /** Takes keys over that another system made. See `importKeys`. */
  importKeys(lines: AsyncIterable<ImportLine | ImportProblem>, options?: ImportOptions): Promise<ImportReport>;
  /** Renames a key, moves its expiry or its limits. */
  changeKey(id: string, change: KeyChange): Promise<KeyRecord>;
  /** Gives a key a successor, and the old one a time to live. */
  rotateKey(request: RotateRequest): Promise<RotatedKey>;
  /** Immediate. Revoking again changes nothing and gives the first time. */
  revokeKey(id: string): Promise<KeyRecord>;
}

export function adminKeys(context: AdminContext): AdminKeys {
  const showKey = (id: string) => context.within((tx, organization) => knownKey(tx, organization, id));
  return {
    createKey: (request) => createKey(context, request),
    listKeys: (filter = {}) =>
      context.within(async (tx, organization) => {
        if (filter.email !== undefined) await knownUser(tx, organization, filter.email);
        return tx.keys(organization.id, filter.email === undefined ? {} : { user: filter.email });
      }),
    showKey,
    importKeys: (lines, options) => importKeys(context, lines, options),
    changeKey: (id, change) => changeKey(context, id, change),
    rotateKey: (request) => rotateKey(context, request),
    revokeKey: async (id) => {
      await revokeKey(context, id);
      return showKey(id);
    },
  };
}

async function createKey(context: AdminContext, request: NewKeyRequest): Promise<CreatedKey> {
  const { random, keyPrefix } = context.options;
  const peppers = await confirmedPeppers(context);
  const createdAt = await context.now();
  const { email, name, expiresAt = null, models = null, networks = null } = checkedKeyValues(request, createdAt);
  const { id, key } = mintKey(random, keyPrefix);
  const pepperVersion = peppers.current;
  const digest = digestKey(peppers, pepperVersion, key);
  const owner = await context.within(async (tx, organization) => {
    const user = await knownUser(tx, organization, email);
    return { user, organization, ...keyUsability(user, await tx.groups(organization.id)) };
  });
  const limits = { models, networks };
  const stored: NewKey = {
    ...{ id, name, userId: owner.user.id, digest, pepperVersion, createdAt, expiresAt },
    ...limits,
  };
  const limited = models === null && networks === null ? {} : limits;
  const change = keyChange("key.create", owner.organization, id, null, { user: email, name, expiresAt, ...limited });
  await recorded(context.recorder, [change], () =>
    context.within((tx, organization) => tx.insertKey(organization.id, stored)),
  );
  return Object.freeze({ id, key, user: email, name, expiresAt, works: owner.works, why: owner.why });
}

async function revokeKey({ now, recorder, within }: AdminContext, id: string): Promise<void> {
  const { organization, key } = await within(async (tx, found) => ({
    organization: found,
    key: await knownKey(tx, found, id),
  }));
  if (key.revokedAt !== null) return;
  const at = await now();
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
