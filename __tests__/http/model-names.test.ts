import { DIALECTS } from "../support/dialects";
import { check, type Refused } from "../support/http-check";
import { group, HOUSE, model, user } from "../support/house-policy";
import { openSite, type Site } from "../support/site";

const UNKNOWN: Refused = { refused: "model_not_found", reason: "model_unknown" };

let site: Site;
beforeAll(async () => {
  site = await openSite({
    policy: {
      ...HOUSE,
      models: [
        ...HOUSE.models,
        model("gpt.4"),
        model("gpt-4"),
        model("a+b"),
        model("aab"),
        model("valueOf"),
        model("gpt-4o\u00e9"),
      ],
      groups: [group("everything", { models: ["*"] }), group("exact", { models: ["gpt.4", "a+b", "valueOf"] })],
      users: [user("alice", ["everything"]), user("exact", ["exact"])],
    },
  });
});
afterAll(() => site.close());

describe.each(DIALECTS)("model names on $path", (dialect) => {
  it.each([
    ["in capitals", "GPT-4o-mini"],
    ["with a blank behind", "gpt-4o-mini "],
    ["with a blank before", " gpt-4o-mini"],
    ["full width", "ｇｐｔ-4o-mini"],
    ["with another hyphen", "gpt\u20114o-mini"],
    ["with a zero-width space", "gpt-4o\u200b-mini"],
    ["in part Cyrillic", "gpt-4о-mini"],
    ["with NUL", "gpt-4o-mini\u0000"],
    ["with a slash behind", "gpt-4o-mini/"],
    ["as a path", "./gpt-4o-mini"],
    ["D06 with a line break", "gpt-4o\nx"],
    ["D06 climbing", "gpt-../../x"],
    ["decomposed", "gpt-4oe\u0301"],
    ["a pattern", "*"],
    ["a pattern of some", "gpt-*"],
  ])("D04: %s it is another name, and unknown", async (_how, name) => {
    const { json } = await check(site, { dialect, as: "alice", with: { model: name } }, UNKNOWN);
    expect(JSON.stringify(json)).toContain("The model does not exist: ");
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("D07: %s is no model", (name) =>
    check(site, { dialect, as: "alice", with: { model: name } }, UNKNOWN),
  );

  it("D06: what a regular expression would read in a configured name is only a name", async () => {
    await check(site, { dialect, as: "exact", with: { model: "gpt.4" } }, {});
    await check(site, { dialect, as: "exact", with: { model: "a+b" } }, {});
    await check(site, { dialect, as: "exact", with: { model: "valueOf" } }, {});
    const denied: Refused = { refused: "model_access_denied", reason: "model_denied" };
    await check(site, { dialect, as: "exact", with: { model: "gpt-4" } }, denied);
    await check(site, { dialect, as: "exact", with: { model: "aab" } }, denied);
  });

  it("shows a name escaped and cut, and puts no control character into an answer or a record", async () => {
    const name = `<b>\u001b[31m"\r\n${"x".repeat(230)}`;
    const { text, records } = await check(site, { dialect, as: "alice", with: { model: name } }, UNKNOWN);
    expect(text).toMatch(/^[\x20-\x7e]*$/);
    expect(text).not.toContain("<b>");
    expect(text.length).toBeLessThan(400);
    expect(JSON.stringify(records)).not.toContain("\u001b");
  });

  it.each([
    ["models", ["gpt-5-pro"]],
    ["fallbacks", [{ model: "gpt-5-pro" }]],
    ["route", "fallback"],
    ["engine", "gpt-5-pro"],
  ])("refuses a second model in %s with 400 naming the field", async (field, value) => {
    await check(
      site,
      { dialect, as: "alice", with: { [field]: value } },
      {
        refused: "unsupported_parameter",
        reason: "unsupported_parameter",
        message: `This parameter is not supported: ${field}`,
      },
    );
  });

  it("refuses a model inside a tool with 400 naming the place", () =>
    check(
      site,
      { dialect, as: "alice", with: { tools: [{ type: "advisor_20260301", name: "a", model: "gpt-5-pro" }] } },
      {
        refused: "unsupported_parameter",
        reason: "unsupported_parameter",
        message: "This parameter is not supported: tools[0].model",
      },
    ));
});
