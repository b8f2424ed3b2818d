import { isNetwork } from "../policy/match-network";
import type { KeyChange } from "../ports/store";
import { AdminError } from "./admin-error";

const NAME_LENGTH = 100;
const LIST_LENGTH = 100;

/** What may be said of a key, or an AdminError (`invalid_argument`). `now` in milliseconds since the Unix epoch. */
export function checkedKeyValues<Values extends KeyChange>(values: Values, now: number): Values {
  const { name, expiresAt, models, networks } = values;
  if (name !== undefined && !isName(name)) {
    throw invalid(`A key's name has 1 to ${NAME_LENGTH} characters, none of them a control character.`);
  }
  if (expiresAt != null && !(Number.isSafeInteger(expiresAt) && expiresAt > now)) {
    throw invalid("A key must expire in the future, or never.");
  }
  if (models != null && !(isList(models) && models.every(isPattern))) {
    throw invalid('The models of a key are ids, or beginnings of ids with one "*" at their end.');
  }
  if (networks != null && !(isList(networks) && networks.every(isNetwork))) {
    throw invalid("The networks of a key are addresses such as 192.0.2.7, or networks such as 192.0.2.0/24.");
  }
  return values;
}

function isName(name: unknown): boolean {
  return typeof name === "string" && name.length > 0 && name.length <= NAME_LENGTH && !/\p{Cc}/u.test(name);
}

/** An empty list would be a key that opens nothing: it is revoked, not limited. */
function isList(list: readonly string[]): boolean {
  return Array.isArray(list) && list.length > 0 && list.length <= LIST_LENGTH;
}

function isPattern(pattern: string): boolean {
  return /^[^*\p{Cc}]{0,200}\*?$/u.test(pattern) && pattern !== "";
}

function invalid(message: string): AdminError {
  return new AdminError("invalid_argument", message);
}
