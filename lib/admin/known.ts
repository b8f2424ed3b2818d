import type { Organization } from "../policy/domain";
import type { AdminTransaction, KeyRecord, UserRecord } from "../ports/store";
import { AdminError } from "./admin-error";

export async function knownUser(tx: AdminTransaction, organization: Organization, email: string): Promise<UserRecord> {
  const user = await tx.findUser(organization.id, email);
  if (user !== null) return user;
  throw new AdminError("unknown_user", `There is no user ${JSON.stringify(email)} in ${organization.name}.`);
}

export async function knownKey(tx: AdminTransaction, organization: Organization, id: string): Promise<KeyRecord> {
  const key = await tx.findKey(organization.id, id);
  if (key !== null) return key;
  throw new AdminError("unknown_key", `There is no key ${JSON.stringify(id.slice(0, 20))} in ${organization.name}.`);
}
