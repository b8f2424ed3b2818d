import { chat, messages } from "../support/dialects";
import { check, FORMS, type Ask } from "../support/http-check";
import { send } from "../support/http-client";
import { EXPRESSES, openSite, type Site } from "../support/site";

const VERSION = [["anthropic-version", "2023-06-01"]] as const;

describe.each(EXPRESSES)("models on %s", (_name, express) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ express });
  });
  afterAll(() => site.close());

  const LIST: Ask = { dialect: chat, path: "/v1/models", method: "GET", body: null };
  const granted = ["gpt-4o-mini", "gpt-renamed", "agent/x"];
  const idsOf = (json: unknown) => (json as { data: { id: string }[] }).data.map(({ id }) => id);

  describe.each(FORMS)("by %s", (form) => {
    it("D13: lists what the caller may use, in OpenAI's shape, as one record", async () => {
      const { json, headers } = await check(
        site,
        { ...LIST, as: "alice", form },
        { records: "single", record: { operation: "models.list" } },
      );
      const entry = (id: string) => ({ id, object: "model", created: 0, owned_by: "openai", display_name: id });
      expect(idsOf(json).sort()).toEqual([...granted].sort());
      expect(json).toEqual({ object: "list", data: expect.arrayContaining(granted.map(entry)) as unknown });
      expect([headers["cache-control"], headers["content-type"]]).toEqual([
        "no-store",
        "application/json; charset=utf-8",
      ]);
    });

    it("D13: lists the same in Anthropic's shape for a request with anthropic-version", async () => {
      const { json } = await check(
        site,
        { ...LIST, dialect: messages, as: "alice", form, headers: VERSION },
        { records: "single" },
      );
      const { data, first_id, last_id, has_more } = json as {
        data: object[];
        first_id: string;
        last_id: string;
        has_more: boolean;
      };
      expect(data).toHaveLength(granted.length);
      for (const entry of data) {
        expect(entry).toEqual({
          type: "model",
          id: expect.any(String),
          display_name: expect.any(String),
          created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        });
      }
      expect([has_more, first_id, last_id]).toEqual([false, idsOf(json)[0], idsOf(json).at(-1)]);
    });
  });

  it("D13: lists for each caller exactly what a call lets pass", async () => {
    const everything = [
      "gpt-4o-mini",
      "gpt-5-pro",
      "gpt-elsewhere",
      "gpt-renamed",
      "old-model",
      "agent/helper",
      "agent/x",
    ];
    for (const name of ["alice", "asker", "both", "root"]) {
      const { json } = await check(site, { ...LIST, as: name }, { records: "single" });
      for (const model of everything) {
        const { status } = await send(site.port, {
          path: "/v1/chat/completions",
          headers: [
            ["x-api-key", await site.key(name)],
            ["Content-Type", "application/json"],
          ],
          body: JSON.stringify(chat.ask("Hello", { model })),
        });
        expect([name, model, idsOf(json).includes(model)]).toEqual([name, model, status === 200]);
      }
    }
  });

  it("answers HEAD without a body", async () => {
    const { status, text, headers } = await send(site.port, {
      method: "HEAD",
      path: "/v1/models",
      headers: [["x-api-key", await site.key("alice")]],
    });
    expect([status, text]).toEqual([200, ""]);
    expect(Number(headers["content-length"])).toBeGreaterThan(0);
  });

  it.each(["agent/x", "agent%2Fx"])("shows the entry of %s", async (id) => {
    const ask = { ...LIST, path: `/v1/models/${id}`, as: "alice" };
    const { json } = await check(site, ask, { records: "single", record: { operation: "models.get" } });
    expect(json).toEqual({ id: "agent/x", object: "model", created: 0, owned_by: "openai", display_name: "agent/x" });
    const typed = await check(site, { ...ask, dialect: messages, headers: VERSION }, { records: "single" });
    expect(typed.json).toMatchObject({ type: "model", id: "agent/x" });
  });

  it.each(["gpt-5-pro", "gpt-elsewhere", "old-model", "agent/helper", "nope", "__proto__", "constructor"])(
    "D08: %s, unknown or not granted, is the same 404 in both dialects",
    async (id) => {
      const path = `/v1/models/${id}`;
      const message = `Not found: ${id}`;
      await check(site, { ...LIST, path, as: "alice" }, { refused: "not_found", reason: "model_denied", message });
      await check(
        site,
        { ...LIST, path, as: "alice", dialect: messages, headers: VERSION },
        { refused: "not_found", reason: "model_denied", message },
      );
    },
  );

  it.each([
    ["without a key", undefined, "unauthorized", "missing"],
    ["of a suspended user", "gone", "api_key_access_disabled", "suspended"],
    ["of a user without key access", "visitor", "api_key_access_disabled", "key_access_disabled"],
    ["of a user in no group", "nobody", "api_key_access_disabled", "no_groups"],
  ] as const)("refuses a list %s", async (_whose, as, refused, reason) => {
    for (const ask of [LIST, { ...LIST, dialect: messages, headers: VERSION }]) {
      await check(site, { ...ask, ...(as && { as }) }, { refused, reason });
    }
  });

  it("knows no other method", async () => {
    for (const method of ["POST", "DELETE"]) {
      const { headers } = await check(
        site,
        { ...LIST, method, as: "alice" },
        { refused: "method_not_allowed", reason: "method" },
      );
      expect(headers["allow"]).toBe("GET, HEAD");
    }
  });
});
