import { memoryStore } from "../../adapters/stores/memory";
import { responses } from "../support/dialects";
import { check, type Allowed, type Refused } from "../support/http-check";
import { HOUSE } from "../support/house-policy";
import { json } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

const REFUSED: Refused = {
  refused: "ask_mode_only",
  reason: "ask_mode",
  message: "This user may only ask questions; tools are not allowed: previous_response_id",
};
const TOOLS = [{ type: "function", name: "f", parameters: {} }];

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** A call whose answer, if it gets one, the provider names so. */
async function ask(as: string, id: string, members: object, expected: Allowed | Refused = {}): Promise<void> {
  if (!("refused" in expected)) site.upstream.next(json(responses.answer("Hello", { id })));
  await check(site, { dialect: responses, as, with: members }, expected);
}

/** Another policy, seen by the gate: the store is asked anew at each change of its epoch. */
async function move(name: string, groups: readonly string[]): Promise<void> {
  const { epoch } = (await site.trail()).at(-1) ?? {};
  const email = `${name}@acme.test`;
  await site.applyPolicy({
    ...HOUSE,
    users: HOUSE.users.map((user) => (user.email === email ? { ...user, groups } : user)),
  });
  const limit = performance.now() + 1_000;
  for (let seen: number | null | undefined = epoch; seen === epoch;) {
    if (performance.now() > limit) throw new Error("the change did not show");
    await check(site, { dialect: responses, as: name }, {});
    seen = (await site.trail()).at(-1)?.epoch;
  }
}

describe("previous_response_id under Ask Mode", () => {
  it("goes on from the caller's own tool-free answers, link by link", async () => {
    await ask("asker", "resp_a1", {});
    await ask("asker", "resp_a2", { previous_response_id: "resp_a1" });
    await ask("asker", "resp_a3", { previous_response_id: "resp_a2" });
  });

  it("goes on from a streamed answer as well", async () => {
    const { text } = await check(site, { dialect: responses, as: "asker", with: { stream: true } }, {});
    const id = /"id":"(resp_\d+)"/.exec(text)?.[1];
    await check(site, { dialect: responses, as: "asker", with: { previous_response_id: id } }, {});
  });

  it("refuses a chain that ever carried tools, also when only an earlier link did", async () => {
    await ask("both", "resp_b1", { tools: TOOLS });
    await ask("both", "resp_b2", { previous_response_id: "resp_b1" });
    await ask("both", "resp_b3", {});
    await move("both", ["analysts"]);
    await ask("both", "resp_b4", { previous_response_id: "resp_b1" }, REFUSED);
    await ask("both", "resp_b4", { previous_response_id: "resp_b2" }, REFUSED);
    await ask("both", "resp_b4", { previous_response_id: "resp_b3" });
    await move("both", ["analysts", "engineers"]);
  });

  it("refuses what the gate does not know, and what is somebody else's", async () => {
    await ask("other-asker", "resp_o1", {});
    for (const id of ["resp_unknown", "resp_o1", "__proto__"]) {
      await ask("asker", "resp_x", { previous_response_id: id }, REFUSED);
    }
  });

  it("refuses an unknown conversation, bare or as an object", async () => {
    const refused = { ...REFUSED, message: "This user may only ask questions; tools are not allowed: conversation" };
    await ask("asker", "resp_x", { conversation: "conv_1" }, refused);
    await ask("asker", "resp_x", { conversation: { id: "conv_1" } }, refused);
  });

  it("does not go on from an answer that was not stored", async () => {
    await ask("asker", "resp_n1", { store: false });
    await ask("asker", "resp_x", { previous_response_id: "resp_n1" }, REFUSED);
  });

  it("is nobody's way into other people's state: without Ask Mode it is 404", async () => {
    await ask("alice", "resp_c1", {});
    const refused: Refused = { refused: "not_found", reason: "not_owner", message: "Not found: previous_response_id" };
    await ask("bob", "resp_x", { previous_response_id: "resp_c1" }, refused);
    await ask("bob", "resp_x", { previous_response_id: "resp_unknown" }, refused);
    await ask("root", "resp_x", { previous_response_id: "resp_c1" }, refused);
    await ask("alice", "resp_c2", { previous_response_id: "resp_c1", tools: TOOLS });
  });
});

describe("a ledger that fails", () => {
  const broken = new Error("disk I/O error in /var/lib/gate.db");

  it("E19: is 503, not 'off'", async () => {
    const store = memoryStore();
    const ledger = { ...store.ledger, find: () => Promise.reject(broken) };
    const other = await openSite({ store: { ...store, ledger } });
    for (const as of ["asker", "alice"]) {
      await check(
        other,
        { dialect: responses, as, with: { previous_response_id: "resp_1" } },
        { refused: "store_unavailable", reason: "store_unavailable" },
      );
    }
    await other.close();
  });

  it("withholds an answer whose owner cannot be written down", async () => {
    const store = memoryStore();
    const ledger = { ...store.ledger, remember: () => Promise.reject(broken) };
    const other = await openSite({ store: { ...store, ledger } });
    for (const stream of [false, true]) {
      const { text } = await check(
        other,
        { dialect: responses, as: "alice", with: { stream } },
        { refused: "store_unavailable", reason: "store_unavailable", outcome: "refused" },
      );
      expect(text).not.toContain("resp_");
    }
    await check(other, { dialect: responses, as: "alice", with: { store: false } }, {});
    await other.close();
  });
});
