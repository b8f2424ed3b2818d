import { compileCustomRule } from "../../../adapters/detectors/custom-rules";
import { readPolicyFile } from "../../../adapters/policy/read-policy-file";

const ABILITIES = { entities: ["EMAIL_ADDRESS", "CREDIT_CARD", "PRIVATE_KEY"], compileCustomRule };

const read = (text: string) => readPolicyFile(text, "policy.yaml", ABILITIES);

/** Every line of the refusal; none when the file is good. */
function problems(text: string): readonly string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    expect((error as Error).name).toBe("ConfigurationError");
    return (error as Error).message.split("\n");
  }
}

const GOOD = `organization: acme
models:
  - { id: gpt-4o-mini, provider: openai, displayName: GPT-4o mini }
  - { id: claude-sonnet-4-5, provider: anthropic, upstreamModel: claude-sonnet-4-5-20250929 }
  - { id: old-model, provider: openai, enabled: false, dlp: { response: { CREDIT_CARD: block } } }
groups:
  - { name: engineers, personalApiKeyAccess: true, models: ["gpt-*"], providers: [anthropic], denyModels: ["gpt-5-pro*"] }
  - { name: analysts, personalApiKeyAccess: true, askModeOnly: true, models: ["*"], dlp: { request: { EMAIL_ADDRESS: redact } } }
users:
  - { email: alice@acme.test, groups: [engineers, analysts, engineers] }
  - { email: root@acme.test, role: administrator }
  - { email: gone@acme.test, groups: [engineers], status: suspended }
dlp:
  request:  { EMAIL_ADDRESS: tokenize, CREDIT_CARD: redact, PRIVATE_KEY: block }
  response: { CREDIT_CARD: redact }
  custom:
    - { name: PROJECT_CODE, regex: "PRJ-[0-9]{6}", action: block }
    - { name: CODENAMES, phrases: ["Blue Heron"], action: tokenize, on: request }
    - { name: HOSTS, literals: ["db1.acme.internal"], action: report, on: response }
`;

describe("a policy file that is good", () => {
  it("is read with every default filled in", () => {
    const policy = read(GOOD);
    expect(policy.organization).toBe("acme");
    expect(policy.models).toEqual([
      {
        id: "gpt-4o-mini",
        provider: "openai",
        displayName: "GPT-4o mini",
        enabled: true,
        upstreamModel: null,
        dlp: null,
      },
      {
        id: "claude-sonnet-4-5",
        provider: "anthropic",
        displayName: "claude-sonnet-4-5",
        enabled: true,
        upstreamModel: "claude-sonnet-4-5-20250929",
        dlp: null,
      },
      {
        id: "old-model",
        provider: "openai",
        displayName: "old-model",
        enabled: false,
        upstreamModel: null,
        dlp: { request: {}, response: { CREDIT_CARD: "block" }, custom: [] },
      },
    ]);
    expect(policy.groups[0]).toEqual({
      name: "engineers",
      personalApiKeyAccess: true,
      askModeOnly: false,
      models: ["gpt-*"],
      providers: ["anthropic"],
      denyModels: ["gpt-5-pro*"],
      denyProviders: [],
      dlp: null,
    });
    expect(policy.users).toEqual([
      { email: "alice@acme.test", role: "user", status: "active", groups: ["analysts", "engineers"] },
      { email: "root@acme.test", role: "administrator", status: "active", groups: [] },
      { email: "gone@acme.test", role: "user", status: "suspended", groups: ["engineers"] },
    ]);
    expect(policy.dlp?.custom).toEqual([
      { name: "PROJECT_CODE", regex: "PRJ-[0-9]{6}", action: "block", on: "both" },
      { name: "CODENAMES", phrases: ["Blue Heron"], action: "tokenize", on: "request" },
      { name: "HOSTS", literals: ["db1.acme.internal"], action: "report", on: "response" },
    ]);
  });

  it("may name nothing but its organisation, and is then silent about the rest", () => {
    expect(read("organization: acme")).toEqual({
      organization: "acme",
      dlp: undefined,
      models: [],
      groups: [],
      users: [],
    });
  });

  it("keeps names byte for byte", () => {
    const { models } = read(
      'organization: acme\nmodels: [{ id: "Modèle-É", provider: x }, { id: constructor, provider: x }]',
    );
    expect(models.map(({ id }) => id)).toEqual(["Modèle-É", "constructor"]);
  });
});

/** What is wrong with each file, at which line and column. */
const REFUSED: readonly (readonly [name: string, text: string, ...problems: string[]])[] = [
  ["an empty file", "", "1:1: the policy must be a mapping"],
  ["no organisation", "models: []", "1:1: organization is missing"],
  ["text instead of a mapping", "acme", "1:1: the policy must be a mapping"],
  ["a misspelt section", "organization: acme\nusrs: []", '2:1: unknown key "usrs"; did you mean "users"?'],
  [
    "a key of nothing known",
    "organization: acme\nquotas: 7",
    '2:1: unknown key "quotas"; known here: organization, models, groups, users, dlp',
  ],
  [
    "two misspelt keys of one entry",
    "organization: acme\ngroups:\n  - name: a\n    personalAPIKeyAccess: true\n    askMode: true",
    '4:5: unknown key "personalAPIKeyAccess"; did you mean "personalApiKeyAccess"?',
    '5:5: unknown key "askMode"; known here: name, personalApiKeyAccess, askModeOnly, models, providers, denyModels, denyProviders, dlp',
  ],
  ["a key twice", "organization: acme\norganization: other", "2:1: Map keys must be unique"],
  [
    "broken YAML",
    "organization: acme\nmodels: [",
    "2:10: Flow sequence in block collection must be sufficiently indented and end with a ]",
  ],
  ["two documents", "organization: acme\n---\norganization: b", "2:1: the policy is one YAML document, not several"],
  ["a number for a name", "organization: 7", "1:15: organization must be text (put it in quotes)"],
  ["a model without a provider", "organization: acme\nmodels:\n  - id: a", "3:5: provider is missing"],
  [
    "an entry that lacks all it needs",
    "organization: acme\nmodels:\n  - enabled: true",
    "3:5: id is missing",
    "3:5: provider is missing",
  ],
  ["a list that is none", "organization: acme\nmodels:\n  id: a", "3:3: models must be a list"],
  ["an empty section", "organization: acme\nusers:", "2:7: users must be a list"],
  [
    "text for a truth value",
    'organization: acme\nmodels: [{ id: a, provider: b, enabled: "no" }]',
    "2:41: enabled must be true or false",
  ],
  [
    "a misspelt role",
    "organization: acme\nusers: [{ email: a@b, role: administrater }]",
    '2:29: role must be one of user, administrator; did you mean "administrator"?',
  ],
  [
    "an unknown status",
    "organization: acme\nusers: [{ email: a@b, status: x }]",
    "2:31: status must be one of active, suspended",
  ],
  ["no e-mail address", "organization: acme\nusers: [{ email: alice }]", "2:18: email: must be an e-mail address"],
  [
    "a group that nobody defines",
    "organization: acme\ngroups: [{ name: engineers }]\nusers:\n  - email: a@b\n    groups: [engineers, enginers]",
    '5:25: there is no group "enginers"; did you mean "engineers"?',
  ],
  [
    "a group where none is defined",
    "organization: acme\nusers: [{ email: a@b, groups: [x] }]",
    '2:32: there is no group "x"; known here: none',
  ],
  [
    "a star in the middle of a pattern",
    'organization: acme\ngroups: [{ name: a, models: ["gpt-*-mini"], denyModels: ["**"] }]',
    '2:30: the pattern "gpt-*-mini" may have one "*", at its end',
    '2:58: the pattern "**" may have one "*", at its end',
  ],
  [
    "a pattern for providers",
    'organization: acme\ngroups: [{ name: a, providers: ["open*"] }]',
    '2:33: the provider "open*" must be named exactly, without "*"',
  ],
  ["an empty pattern", 'organization: acme\ngroups: [{ name: a, models: [""] }]', "2:30: models: must not be empty"],
  [
    "a star in a model's id",
    'organization: acme\nmodels: [{ id: "a*", provider: b }]',
    '2:16: id: the id of a model must not hold "*"',
  ],
  [
    "white space around a name",
    'organization: acme\nmodels: [{ id: "a ", provider: b }]',
    "2:16: id: must not begin or end with white space",
  ],
  [
    "a lone surrogate in a name",
    'organization: acme\nmodels: [{ id: "a\\uD800b", provider: b }]',
    "2:16: id: must not hold control characters or lone surrogates",
  ],
  [
    "a user, a group and a model named twice",
    "organization: acme\nmodels: [{ id: a, provider: b }, { id: a, provider: c }]\ngroups: [{ name: g }, { name: g }]\nusers: [{ email: a@b }, { email: A@b }]",
    '2:40: the model "a" is named twice',
    '3:31: the group "g" is named twice',
    '4:34: the user "A@b" is named twice',
  ],
  [
    "an entity that no detector finds",
    "organization: acme\ndlp:\n  request: { EMAIL_ADRESS: redact, IBAN: block }",
    '3:14: no detector finds "EMAIL_ADRESS"; did you mean "EMAIL_ADDRESS"?',
    '3:36: no detector finds "IBAN"; known here: EMAIL_ADDRESS, CREDIT_CARD, PRIVATE_KEY',
  ],
  [
    "a misspelt action, in a group",
    "organization: acme\ngroups:\n  - name: a\n    dlp: { response: { CREDIT_CARD: redct } }",
    '4:37: CREDIT_CARD must be one of block, redact, tokenize, report, off; did you mean "redact"?',
  ],
  [
    "a custom rule among the built-in entities",
    "organization: acme\ndlp:\n  request: { CODE: block }\n  custom: [{ name: CODE, regex: abc, action: block }]",
    '3:14: "CODE" is a custom rule: its action is written at the rule',
  ],
  [
    "a rule of two forms, and one of none",
    "organization: acme\ndlp:\n  custom:\n    - { name: A, regex: abc, phrases: [b], action: block }\n    - { name: B, action: block }",
    "4:7: a custom rule has exactly one of regex, phrases and literals",
    "5:7: a custom rule has exactly one of regex, phrases and literals",
  ],
  [
    "rules named twice, or like an entity",
    "organization: acme\ndlp:\n  custom:\n    - { name: A, regex: abc, action: block }\n    - { name: A, regex: abd, action: block }\n    - { name: CREDIT_CARD, regex: abe, action: block }",
    '5:15: the custom rule "A" is named twice',
    '6:15: "CREDIT_CARD" is the name of a built-in entity',
  ],
  [
    "a member that objects have by themselves",
    "organization: acme\ndlp: { request: { __proto__: block } }",
    '2:19: unknown key "__proto__"',
  ],
];

describe("a policy file is refused, with every line and column, for", () => {
  it.each(REFUSED)("%s", (_, text, ...expected) => {
    expect(problems(text)).toEqual(expected.map((problem) => `policy.yaml:${problem}`));
  });

  it("a pattern that the engine cannot run, in a model's policy too", () => {
    const found = problems(
      'organization: acme\nmodels:\n  - { id: a, provider: b, dlp: { custom: [{ name: R, regex: "(?<=a)b", action: block }] } }',
    );
    expect(found).toEqual([expect.stringMatching(/^policy\.yaml:3:61: The pattern "\(\?<=a\)b" is not valid/)]);
  });

  it("all of its mistakes at once, in the order of the text", () => {
    const found = problems(
      "organization: 7\nmodel: []\ngroups: [{ name: a, models: ['*b'] }]\nusers: [{ email: a, groups: [c] }]\ndlp: { request: { NOPE: block } }",
    );
    expect(found.map((line) => /^policy\.yaml:(\d+):/.exec(line)?.[1])).toEqual(["1", "2", "3", "4", "4", "5"]);
  });

  it("aliases that unfold into a flood", () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(",")}]`,
    );
    expect(problems(`organization: acme\na0: &a0 [x]\n${levels.join("\n")}`)).toEqual([
      "policy.yaml:1:1: Excessive alias count indicates a resource exhaustion attack",
    ]);
  });
});
