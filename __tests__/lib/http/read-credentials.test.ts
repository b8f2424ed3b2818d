import fc from "fast-check";
import { readCredentials, type Credential } from "../../../lib/http/read-credentials";
import { exchange, startServer } from "./raw-http";

const TOKEN = `llmg_${"a".repeat(49)}`;
const OTHER = `llmg_${"b".repeat(49)}`;

const bearer = (token = TOKEN, bothHeaders = false): Credential => ({
  kind: "candidate",
  form: "bearer",
  token,
  bothHeaders,
});
const apiKey = (token = TOKEN): Credential => ({ kind: "candidate", form: "x-api-key", token, bothHeaders: false });

describe("readCredentials", () => {
  it.each<[string, readonly string[], Credential]>([
    ["row 1: neither header", ["Host", "x"], { kind: "missing" }],
    ["row 2: x-api-key alone", ["X-Api-Key", TOKEN], apiKey()],
    ["row 3: Bearer alone", ["Authorization", `Bearer ${TOKEN}`], bearer()],
    ["row 4: empty Authorization", ["Authorization", "", "x-api-key", TOKEN], { kind: "malformed" }],
    ["row 4: Bearer without a token", ["Authorization", "Bearer", "x-api-key", TOKEN], { kind: "malformed" }],
    ["row 4: Bearer and blanks", ["Authorization", "Bearer   ", "x-api-key", TOKEN], { kind: "malformed" }],
    ["row 4: Basic", ["Authorization", "Basic dTpwYXNzd29yZDEyMzQ1Ng==", "x-api-key", TOKEN], { kind: "malformed" }],
    ["row 4: another scheme", ["Authorization", `Token ${TOKEN}`], { kind: "malformed" }],
    ["row 4: no scheme", ["Authorization", TOKEN], { kind: "malformed" }],
    ["row 4: scheme glued to the token", ["Authorization", `Bearer${TOKEN}`], { kind: "malformed" }],
    ["row 4: TAB after the scheme", ["Authorization", `Bearer\t${TOKEN}`], { kind: "malformed" }],
    ["row 4: an extra word", ["Authorization", `Bearer ${TOKEN} x`], { kind: "malformed" }],
    ["row 4: a comma", ["Authorization", `Bearer ${TOKEN}, Bearer ${TOKEN}`], { kind: "malformed" }],
    [
      "row 6: two Authorization lines",
      ["Authorization", `Bearer ${TOKEN}`, "authorization", `Bearer ${TOKEN}`],
      { kind: "duplicate" },
    ],
    ["row 6: one of them empty", ["Authorization", "", "Authorization", `Bearer ${TOKEN}`], { kind: "duplicate" }],
    ["row 7: two x-api-key lines", ["x-api-key", TOKEN, "x-api-key", TOKEN], { kind: "duplicate" }],
    ["row 7: a comma", ["x-api-key", `${TOKEN}, ${TOKEN}`], { kind: "duplicate" }],
    ["row 8: the same key in both", ["Authorization", `Bearer ${TOKEN}`, "x-api-key", TOKEN], bearer()],
    [
      "row 8: the same key, white space aside",
      ["Authorization", `Bearer ${TOKEN}`, "x-api-key", ` ${TOKEN}\t`],
      bearer(),
    ],
    ["row 9: different keys", ["x-api-key", OTHER, "Authorization", `Bearer ${TOKEN}`], bearer(TOKEN, true)],
    [
      "row 3: a malformed x-api-key beside it",
      ["Authorization", `Bearer ${TOKEN}`, "x-api-key", "x"],
      bearer(TOKEN, true),
    ],
    [
      "row 3: two x-api-key lines beside it",
      ["Authorization", `Bearer ${TOKEN}`, "x-api-key", TOKEN, "x-api-key", OTHER],
      bearer(TOKEN, true),
    ],
    ["an empty x-api-key", ["x-api-key", ""], { kind: "malformed" }],
    ["Bearer in x-api-key", ["x-api-key", `Bearer ${TOKEN}`], { kind: "malformed" }],
    [
      "look-alike names",
      ["api-key", TOKEN, "x_api_key", TOKEN, "x-goog-api-key", TOKEN, "Proxy-Authorization", `Bearer ${TOKEN}`],
      { kind: "missing" },
    ],
    ["cookies", ["Cookie", `x-api-key=${TOKEN}; authorization=Bearer ${TOKEN}`], { kind: "missing" }],
  ])("%s", (_, rawHeaders, expected) => {
    expect(readCredentials(rawHeaders)).toEqual(expected);
  });

  it.each(["bearer", "BEARER", "BeArEr"])("takes the scheme %s, with one or more blanks after it", (scheme) => {
    expect(readCredentials(["Authorization", `${scheme} ${TOKEN}`])).toEqual(bearer());
    expect(readCredentials(["Authorization", `${scheme}    ${TOKEN}`])).toEqual(bearer());
  });

  it("takes optional white space around the value", () => {
    expect(readCredentials(["Authorization", ` \tBearer ${TOKEN}\t `])).toEqual(bearer());
    expect(readCredentials(["x-api-key", `\t ${TOKEN} \t`])).toEqual(apiKey());
  });

  it.each([
    ["abcdefghijklmnop", true],
    ["abcdefghijklmno", false],
    ["a".repeat(512), true],
    ["a".repeat(513), false],
    ["AZaz09-._~+/abcd", true],
    ["abcdefghijklmn==", true],
    ["abcdefgh=ijklmnop", false],
    ["================", false],
    ["abcdefgh%00ijklmnop", false],
    ["abcdefgh\u0000ijklmnop", false],
    ["' OR 1=1-- abcdefgh", false],
    ["$1abcdefghijklmnop", false],
    ["__proto__", false],
    ["\u00f0\u009f\u0094\u0091abcdefghijklm", false],
    ["A".repeat(8192), false],
  ])("judges the token %j alike in both headers", (token, wellFormed) => {
    const kind = wellFormed ? "candidate" : "malformed";
    expect(readCredentials(["Authorization", `Bearer ${token}`]).kind).toBe(kind);
    expect(readCredentials(["x-api-key", token]).kind).toBe(kind);
  });

  it("answers hostile values of 64 kB at once", () => {
    for (const value of [
      `Bearer ${" ".repeat(65_000)}`,
      `Bearer ${"a".repeat(65_000)}!`,
      `${"\t ".repeat(32_000)}x`,
      `Bearer ${"=".repeat(65_000)}`,
    ]) {
      const start = performance.now();
      expect(readCredentials(["authorization", value]).kind).toBe("malformed");
      expect(readCredentials(["x-api-key", value]).kind).toBe("malformed");
      expect(performance.now() - start).toBeLessThan(1_000);
    }
  });

  it("never looks at x-api-key while an Authorization line is there", () => {
    const line = fc.tuple(fc.constantFrom("authorization", "Authorization", "AUTHORIZATION"), fc.string());
    const others = fc.array(
      fc.tuple(fc.constantFrom("x-api-key", "X-API-Key", "cookie"), fc.constantFrom(TOKEN, "", "x")),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 2 }), others, (authorization, rest) => {
        const judged = readCredentials([...rest, ...authorization].flat());
        const alone = readCredentials(authorization.flat());
        expect(judged.kind).toBe(alone.kind);
        if (judged.kind === "candidate") expect(judged.form).toBe("bearer");
      }),
    );
  });
});

describe("readCredentials over a socket", () => {
  it.each<[string, string, string]>([
    [
      "two Authorization lines, of which Node shows one",
      `Authorization: Bearer ${TOKEN}\r\nAuthorization: Bearer ${TOKEN}\r\n`,
      "duplicate",
    ],
    ["two x-api-key lines, which Node joins", `x-api-key: ${TOKEN}\r\nx-api-key: ${TOKEN}\r\n`, "duplicate"],
    ["an empty Authorization, which is falsy", `Authorization:\r\nx-api-key: ${TOKEN}\r\n`, "malformed"],
    ["white space around the value", `Authorization: \t Bearer ${TOKEN} \t\r\n`, "candidate"],
    ["TAB as separator", `Authorization: Bearer\t${TOKEN}\r\n`, "malformed"],
    ["an emoji in bytes", `x-api-key: ${Buffer.from("\u{1f511}").toString("latin1")}${TOKEN}\r\n`, "malformed"],
    ["a key in the query", "", "missing"],
  ])("%s", async (_, lines, kind) => {
    const server = await startServer((req, res) => void res.end(readCredentials(req.rawHeaders).kind));
    const answer = await exchange(
      server.port,
      `GET /?api_key=${TOKEN} HTTP/1.1\r\nHost: x\r\n${lines}Connection: close\r\n\r\n`,
    );
    await server.close();
    expect(answer.body).toBe(kind);
  });
});
