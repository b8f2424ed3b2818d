import { isDeepStrictEqual } from "node:util";
import type { Organization } from "../policy/domain";
import type { AdminTransaction, KeyChange, KeyRecord } from "../ports/store";
import type { AdminContext } from "./admin-context";
import { assertStaysEnded } from "./key-ends";
import { checkedKeyValues } from "./key-values";
import { knownKey } from "./known";
import { recorded } from "./recorded";

/**
 * Renames a key, moves its expiry or its limits. What is as it was is no change, and on no record. Refused for what would
 * bring a key back that has ended, or is about to because it was rotated.
 */
export async function changeKey(context: AdminContext, id: string, change: KeyChange): Promise<KeyRecord> {
  const { recorder, within } = context;
  const now = await context.now();
  const next = checkedKeyValues(change, now);
  const changeable = async (tx: AdminTransaction, organization: Organization) => {
    const key = await knownKey(tx, organization, id);
    assertStaysEnded(key, await tx.findSuccessor(organization.id, id), next, now);
    return { organization, key };
  };
  const { organization, key } = await within(changeable);
  const before = Object.fromEntries(Object.keys(next).map((member) => [member, key[member as keyof KeyChange]]));
  if (isDeepStrictEqual(before, { ...next })) return key;
  const entry = { operation: "key.change", organization: organization.name, keyId: id, subject: `key:${id}` } as const;
  await recorded(recorder, [{ ...entry, before, after: next }], () =>
    within(async (tx) => {
      await changeable(tx, organization);
      return tx.changeKey(organization.id, id, next);
    }),
  );
  return within((tx, found) => knownKey(tx, found, id));
}
