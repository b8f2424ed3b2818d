import { delivered, engineOf, living, policyOf, spanOf } from "../../support/dlp";

const engine = engineOf();
const REDACT = policyOf({
  request: {
    GENERIC_SECRET: "redact",
    API_KEY: "redact",
    US_SSN: "redact",
    CREDIT_CARD: "redact",
    PHONE_NUMBER: "redact",
  },
});

async function rewritten(text: string): Promise<string | undefined> {
  const spans = [spanOf(text, { json: true })];
  const { edits } = await engine.inspect(spans, [], engine.policyFor("request", [REDACT]), living());
  return delivered(spans, edits)[0];
}

const KEY = "r8Xk2mQ7vZp4LwTn9cYb3Hd6";

describe("JSON in a string is read as people write it", () => {
  test.each([
    ['{"password":"hunter2hunter2"}', '{"password":"[GENERIC_SECRET]"}'],
    ['{ "db" : { "password" : "hunter2hunter2" } }', '{ "db" : { "password" : "[GENERIC_SECRET]" } }'],
    ['{"password":"hunt\\u0065r2hunter2"}', '{"password":"[GENERIC_SECRET]"}'],
    [`{"api_key":"${KEY}","n":1}`, '{"api_key":"[GENERIC_SECRET]","n":1}'],
    [`{"n":1,"stripe_api_key":"${KEY}"}`, '{"n":1,"stripe_api_key":"[API_KEY]"}'],
    ['{"ssn":536904399}', '{"ssn":"[US_SSN]"}'],
    ['{"ssn":"536904399","x":[true,null,-1.5e3]}', '{"ssn":"[US_SSN]","x":[true,null,-1.5e3]}'],
    ['{"run":"export PASSWORD=\\"hunter2!Blue7\\"\\n"}', '{"run":"export PASSWORD=\\"[GENERIC_SECRET]\\"\\n"}'],
  ])("%s becomes %s", async (text, expected) => {
    expect(await rewritten(text)).toBe(expected);
  });

  test.each([
    ['{"hash":"x","password":""}'],
    [`{"password":"","id":"${KEY}"}`],
    ["[4111,1111,1111,1111]"],
    ['["415","555","2671"]'],
    ['{"phone":[415, 555, 2671]}'],
    ["[]"],
    ["-"],
    ["0"],
  ])("nothing is found across its values: %s", async (text) => {
    expect(await rewritten(text)).toBe(text);
  });
});
