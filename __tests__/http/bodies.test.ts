import { DIALECTS } from "../support/dialects";
import { check, type Refused } from "../support/http-check";
import { EXPRESSES, openSite, type Site } from "../support/site";

const invalid = (reason: Refused["reason"], message?: string): Refused => ({
  refused: "invalid_body",
  reason,
  ...(message !== undefined && { message }),
});

describe.each(EXPRESSES)("bodies on %s", (_name, express) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ express });
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    const ask = { dialect, as: "alice" } as const;
    const valid = JSON.stringify(dialect.ask("Hello"));
    const inside = (member: string) => valid.replace("{", `{${member},`);

    it.each([
      ["allowed, then forbidden", '"model":"gpt-4o-mini"'],
      ["forbidden, then allowed", '"model":"gpt-5-pro"'],
      ["escaped", '"mod\\u0065l":"gpt-5-pro"'],
    ])("C01: a model that stands twice (%s) is 400", (_order, member) =>
      check(site, { ...ask, body: inside(member) }, invalid("duplicate_key")),
    );

    it("C01: a duplicate member at any depth is 400", () =>
      check(site, { ...ask, body: inside('"x":[{"y":{"a":1,"a":1}}]') }, invalid("duplicate_key")));

    it.each([
      ["missing", undefined],
      ["null", null],
      ["empty", ""],
      ["a number", 7],
      ["a list", ["gpt-4o-mini"]],
      ["an object", { toString: "gpt-4o-mini" }],
      ["10 KB", "m".repeat(10_240)],
      ["C10 with a lone surrogate", "gpt-4o-mini\ud800"],
    ])("C04: a model that is %s is 400", (_what, model) =>
      check(site, { ...ask, with: { model } }, invalid("invalid_schema", "The request body is not valid: model")),
    );

    it.each([
      ["nothing", "", "invalid_json"],
      ["null", "null", "invalid_json"],
      ["a list", "[]", "invalid_json"],
      ["a string", '"x"', "invalid_json"],
      ["a number", "0", "invalid_json"],
      ["half", "{", "invalid_json"],
      ["more after it", "{}x", "invalid_json"],
      ["two documents", `${valid}${valid}`, "invalid_json"],
      ["a trailing comma", valid.replace(/\}$/, ",}"), "invalid_json"],
      ["a comment", `/* */${valid}`, "invalid_json"],
      ["NaN", inside('"x":NaN'), "invalid_json"],
      ["single quotes", valid.replaceAll('"', "'"), "invalid_json"],
      ["a control character", inside('"x":"\u0001"'), "invalid_json"],
    ] as const)("C05: %s in place of a JSON object is 400", (_what, body, reason) =>
      check(site, { ...ask, body }, invalid(reason)),
    );

    it("C05: bytes that are not UTF-8 are 400", async () => {
      const bytes = Buffer.from(inside('"x":"?"'));
      bytes[bytes.indexOf("?")] = 0xff;
      await check(site, { ...ask, body: bytes }, invalid("invalid_utf8"));
    });

    it.each([
      [null],
      ["text/plain"],
      ["application/x-www-form-urlencoded"],
      ["application/vnd.api+json"],
      ["application/json, text/plain"],
      ["application/json; charset=utf-16"],
      ["multipart/form-data; boundary=x"],
      [""],
    ])("C06: Content-Type %j is 415", (contentType) =>
      check(site, { ...ask, contentType }, { refused: "unsupported_media_type", reason: "media_type" }),
    );

    it("C06: two Content-Type lines are 415", () =>
      check(
        site,
        { ...ask, headers: [["Content-Type", "application/json"]], contentType: "application/json" },
        { refused: "unsupported_media_type", reason: "media_type" },
      ));

    it("C07: a form with a model part is 415", () => {
      const part = '--x\r\nContent-Disposition: form-data; name="model"\r\n\r\ngpt-4o-mini\r\n--x--\r\n';
      return check(
        site,
        { ...ask, body: part, contentType: "multipart/form-data; boundary=x" },
        { refused: "unsupported_media_type", reason: "media_type" },
      );
    });

    it.each(["application/json; charset=utf-8", 'application/json;charset="UTF-8"', "APPLICATION/JSON"])(
      "C06: Content-Type %s is JSON",
      (contentType) => check(site, { ...ask, contentType }, {}),
    );

    it("C10: a lone surrogate in content goes upstream as it came", async () => {
      const body = JSON.stringify(dialect.ask("a?b")).replace("?", "\\ud800");
      await check(site, { ...ask, body }, {});
      expect(site.upstream.calls.at(-1)?.body.toString()).toBe(body);
    });

    it.each(["__proto__", "constructor", "hasOwnProperty", "toJSON", "prototype"])(
      "C12: an own member %s changes nothing but itself",
      async (name) => {
        const body = inside(`"${name}":{"polluted":true,"prototype":{"polluted":true}}`);
        await check(site, { ...ask, body }, {});
        expect(site.upstream.calls.at(-1)?.body.toString()).toBe(body);
        expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      },
    );

    it.each([65, 5_000, 100_000])("C14: nesting of %d is 400, quickly", async (depth) => {
      for (const [open, close] of [
        ["[", "]"],
        ['{"a":', "}"],
      ] as const) {
        const nested = `${open.repeat(depth)}1${close.repeat(depth)}`;
        const body = inside(`"tools":[{"type":"function","parameters":${nested}}]`);
        await check(site, { ...ask, body }, invalid("too_deep"));
      }
    });

    it.each([["true"], [1], [[true]], [0], ["false"], [{}]])("C22: stream: %j is 400", (stream) =>
      check(site, { ...ask, with: { stream } }, invalid("invalid_schema", "The request body is not valid: stream")),
    );

    it("C22: stream: null is false, and a second stream is 400", async () => {
      const { headers } = await check(site, { ...ask, with: { stream: null } }, { record: { stream: false } });
      expect(headers["content-type"]).toMatch(/^application\/json/);
      await check(site, { ...ask, body: inside('"stream":false,"stream":true') }, invalid("duplicate_key"));
    });
  });
});
