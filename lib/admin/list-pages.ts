import type { Group } from "../policy/domain";
import type { KeyRecord, ListPage, UserRecord } from "../ports/store";
import type { AdminContext } from "./admin-context";
import { AdminError } from "./admin-error";
import { knownKey, knownUser } from "./known";

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Gives the next part as `after`; null when this is the last one. */
  readonly next: string | null;
}

export interface KeyPageQuery {
  /** Only this user's. */
  readonly email?: string;
  /** Only keys that were digested with this version of the pepper. */
  readonly pepperVersion?: number;
  /** The id of the last key of the page before. */
  readonly after?: string;
  /** 1 to 10,000; default 100. */
  readonly limit?: number;
}

export interface AdminPages {
  /** Newest first. */
  keyPage(query?: KeyPageQuery): Promise<Page<KeyRecord>>;
  /** By e-mail address; `after` is one. `limit` as for keys. */
  userPage(page?: ListPage): Promise<Page<UserRecord>>;
  /** By name; `after` is one. `limit` as for keys. */
  groupPage(page?: ListPage): Promise<Page<Group>>;
}

const DEFAULT_LIMIT = 100;
const MOST = 10_000;

export function adminPages({ within }: Pick<AdminContext, "within">): AdminPages {
  return {
    keyPage: (query = {}) =>
      within(async (tx, organization) => {
        const { email, pepperVersion, after } = query;
        if (email !== undefined) await knownUser(tx, organization, email);
        return page(query.limit, keyName, async (limit) =>
          tx.keys(organization.id, {
            limit,
            ...(email !== undefined && { user: email }),
            ...(pepperVersion !== undefined && { pepperVersion }),
            ...(after !== undefined && { after: await knownKey(tx, organization, after) }),
          }),
        );
      }),
    userPage: (query = {}) =>
      within((tx, { id }) => page(query.limit, userName, (limit) => tx.users(id, { ...query, limit }))),
    groupPage: (query = {}) =>
      within((tx, { id }) => page(query.limit, groupName, (limit) => tx.groups(id, { ...query, limit }))),
  };
}

const keyName = ({ id }: KeyRecord): string => id;
const userName = ({ email }: UserRecord): string => email;
const groupName = ({ name }: Group): string => name;

/** One more than asked for tells whether there is a next page. */
async function page<Item>(
  limit: number = DEFAULT_LIMIT,
  nameOf: (item: Item) => string,
  list: (limit: number) => Promise<readonly Item[]>,
): Promise<Page<Item>> {
  if (!(Number.isSafeInteger(limit) && limit >= 1 && limit <= MOST)) {
    throw new AdminError("invalid_argument", `A page has 1 to ${MOST} entries.`);
  }
  const found = await list(limit + 1);
  const items = Object.freeze(found.slice(0, limit));
  const last = items.at(-1);
  return Object.freeze({ items, next: found.length > limit && last !== undefined ? nameOf(last) : null });
}
