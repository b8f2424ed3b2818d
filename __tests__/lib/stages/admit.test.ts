import { Denial } from "../../../lib/denial";
import { combineGrants } from "../../../lib/policy/combine-grants";
import type { Group, User } from "../../../lib/policy/domain";
import { admitPrincipal } from "../../../lib/stages/admit";
import { groupOf, userOf } from "../../support/arbitrary-policy";

const on = groupOf({});
const off = groupOf({ personalApiKeyAccess: false });

function reasonFor(user: User, groups: readonly Group[]): string {
  try {
    admitPrincipal({ user, groups }, combineGrants({ user, groups }));
    return "admitted";
  } catch (thrown) {
    if (thrown instanceof Denial && thrown.code === "api_key_access_disabled") return thrown.reason;
    throw thrown;
  }
}

describe("admission", () => {
  it.each([
    ["a user with key access", userOf("user"), [on], "admitted"],
    ["a user with key access in one of three groups", userOf("user"), [off, on, off], "admitted"],
    ["a user without key access anywhere", userOf("user"), [off, off], "key_access_disabled"],
    ["a user in no group", userOf("user"), [], "no_groups"],
    ["a suspended user", userOf("user", "suspended"), [on], "suspended"],
    ["a suspended user in no group", userOf("user", "suspended"), [], "suspended"],
    ["an administrator in no group", userOf("administrator"), [], "admitted"],
    ["an administrator without key access", userOf("administrator"), [off], "admitted"],
    ["a suspended administrator", userOf("administrator", "suspended"), [on], "suspended"],
    ["a user of a status that nobody knows", userOf("user", "paused" as "active"), [on], "suspended"],
  ])("of %s", (_name, user, groups, expected) => {
    expect(reasonFor(user, groups)).toBe(expected);
  });
});
