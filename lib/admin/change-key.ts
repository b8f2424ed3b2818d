import { isDeepStrictEqual } from "node:util";
import type { KeyChange, KeyRecord } from "../ports/store";
import type { AdminContext } from "./admin-context";
import { AdminError } from "./admin-error";
import { checkedKeyValues } from "./key-values";
import { knownKey } from "./known";
import { recorded } from "./recorded";

/** Renames a key, moves its expiry or its limits. What is as it was is no change, and on no record. */
export async function changeKey(context: AdminContext, id: string, change: KeyChange): Promise<KeyRecord> {
  const { recorder, within } = context;
  const next = checkedKeyValues(change, await context.now());
  const { organization, key } = await within(async (tx, found) => ({
    organization: found,
    key: await knownKey(tx, found, id),
  }));
  if (key.revokedAt !== null) throw new AdminError("conflict", `The key ${id} is revoked: it cannot be changed.`);
  const before = Object.fromEntries(Object.keys(next).map((member) => [member, key[member as keyof KeyChange]]));
  if (isDeepStrictEqual(before, { ...next })) return key;
  const entry = { operation: "key.change", organization: organization.name, keyId: id, subject: `key:${id}` } as const;
  await recorded(recorder, [{ ...entry, before, after: next }], () =>
    within((tx) => tx.changeKey(organization.id, id, next)),
  );
  return within((tx, found) => knownKey(tx, found, id));
}
