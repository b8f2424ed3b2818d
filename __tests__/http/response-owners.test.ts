import express from "express";
import { forward } from "../../adapters/index";
import { httpUpstream } from "../../adapters/upstreams/http";
import { responses } from "../support/dialects";
import { check, FORMS, type Ask, type Refused } from "../support/http-check";
import { HOUSE, model } from "../support/house-policy";
import { json, scriptedUpstream, type ScriptedUpstream } from "../support/scripted-upstream";
import { EXPRESSES, openSite, PROVIDER_KEY, type Site } from "../support/site";

const NOT_FOUND: Refused = { refused: "not_found", reason: "not_owner", message: "Not found." };

const OPERATIONS = [
  ["GET", "", "responses.get"],
  ["DELETE", "", "responses.delete"],
  ["POST", "/cancel", "responses.cancel"],
  ["GET", "/input_items", "responses.input_items"],
] as const;

describe.each(EXPRESSES)("whose a response is, on %s", (_name, express5or4) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ express: express5or4 });
    site.upstream.next(json(responses.answer("Hello", { id: "resp_alice" })));
    await check(site, { dialect: responses, as: "alice" }, {});
  });
  afterAll(() => site.close());

  describe.each(OPERATIONS)("%s …%s", (method, suffix, operation) => {
    const on = (id: string, more: Partial<Ask>): Ask => ({
      dialect: responses,
      path: `/v1/responses/${id}${suffix}`,
      method,
      body: null,
      ...more,
    });

    it.each(FORMS)("B16: is its maker's, by %s", async (form) => {
      await check(site, on("resp_alice", { as: "alice", form }), { record: { operation } });
      expect(site.upstream.calls.at(-1)).toMatchObject({ method, path: `/v1/responses/resp_alice${suffix}` });
      expect(site.upstream.calls.at(-1)?.body).toHaveLength(0);
    });

    it("B16: is 404 for everybody else, administrators included, like an id that nobody knows", async () => {
      for (const as of ["bob", "root"]) await check(site, on("resp_alice", { as }), NOT_FOUND);
      await check(site, on("resp_unknown", { as: "alice" }), NOT_FOUND);
      await check(site, on("resp_alice", {}), { refused: "unauthorized", reason: "missing" });
      await check(site, on("resp_alice", { as: "visitor" }), {
        refused: "api_key_access_disabled",
        reason: "key_access_disabled",
      });
    });

    it("keeps its query", async () => {
      const ask = on("resp_alice", { as: "alice" });
      await check(site, { ...ask, path: `${ask.path}?starting_after=3` }, {});
      expect(site.upstream.calls.at(-1)?.path).toContain("?starting_after=3");
    });

    it.each(["resp_alice%2f..%2fresp_bob", "resp_alice%00", "..", "%2e%2e", "resp_alice;x"])(
      "refuses the id %s",
      async (id) => {
        const { status } = await check(site, on(id, { as: "alice" }), {
          refused: "unknown_endpoint",
          reason: "noncanonical_path",
        });
        expect(status).toBe(404);
      },
    );
  });

  it("B16: an empty answer to DELETE is 502, and a method that it does not have is 405", async () => {
    await check(
      site,
      { dialect: responses, path: "/v1/responses/resp_alice", method: "PUT", as: "alice" },
      { refused: "method_not_allowed", reason: "method" },
    );
  });
});

describe("a stored response", () => {
  let elsewhere: ScriptedUpstream;
  beforeAll(async () => {
    elsewhere = await scriptedUpstream();
  });
  afterAll(() => elsewhere.close());

  it("§7: is asked for where it was made, whatever the default upstream is", async () => {
    const other = httpUpstream({ name: "other", baseUrl: elsewhere.origin, apiKey: PROVIDER_KEY });
    const site = await openSite({
      express,
      policy: { ...HOUSE, models: [...HOUSE.models, model("gpt-other", { provider: "other" })] },
      mount(app, { gate }) {
        app.use(
          gate,
          forward({
            upstreams: { other },
            default: { name: "none", forward: () => Promise.reject(new Error("the wrong one")) },
          }),
        );
      },
    });
    elsewhere.demandIntents(site.trail);
    elsewhere.next(json(responses.answer("Hello", { id: "resp_there" })));
    await check(site, { dialect: responses, as: "alice", with: { model: "gpt-other" } }, { upstream: 0 });
    await check(
      site,
      { dialect: responses, as: "alice", path: "/v1/responses/resp_there", method: "GET", body: null },
      { upstream: 0, record: { upstream: "other" } },
    );
    expect(elsewhere.calls.map(({ method }) => method)).toEqual(["POST", "GET"]);
    expect(elsewhere.violations).toEqual([]);
    await other.close?.();
    await site.close();
  });
});
