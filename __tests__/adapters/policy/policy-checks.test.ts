import { policyChecks } from "../../../adapters/policy/policy-checks";

const USERS = 50_000;
const GROUPS = 5_000;

describe("the checks of a policy", () => {
  /** Comparing every user with every other takes minutes. */
  it("judge fifty thousand users in thousands of groups", () => {
    const groups = Array.from({ length: GROUPS }, (_, index) => ({ name: `group-${index}` }));
    const users = Array.from({ length: USERS }, (_, index) => ({
      email: `user-${index}@acme.test`,
      groups: [`group-${index % GROUPS}`, `group-${GROUPS - 1}`],
    }));
    expect(policyChecks({ groups, users })).toEqual([]);
  });
});
