import { builtInDetectors } from "../../../adapters/detectors/built-in";
import { compileCustomRule } from "../../../adapters/detectors/custom-rules";
import { ENTITY_KINDS } from "../../../adapters/detectors/entity-kinds";
import { readPolicyFile } from "../../../adapters/policy/read-policy-file";

const detectors = builtInDetectors();
const entities = [...new Set(detectors.flatMap((detector) => detector.entities))];
const kinds: Readonly<Record<string, readonly string[]>> = ENTITY_KINDS;

const read = (dlp: string, known: readonly string[] = entities) =>
  readPolicyFile(`organization: acme\ndlp: ${dlp}`, "policy.yaml", { entities: known, compileCustomRule }).dlp;

test("every entity that is found is of one kind, and every kind holds nothing else", () => {
  expect(Object.values(kinds).flat().sort()).toEqual([...entities].sort());
});

test("what detectors call a secret is of the kind of secrets", () => {
  expect([...new Set(detectors.flatMap(({ secrets = [] }) => secrets))].sort()).toEqual(
    [...(kinds.secret ?? [])].sort(),
  );
});

test("coding-agent tokenizes secrets on requests, and only reports whom a text is about", () => {
  const dlp = read("{ preset: coding-agent }");
  for (const secret of kinds.secret ?? []) {
    expect([dlp?.request[secret], dlp?.response[secret]]).toEqual(["tokenize", "report"]);
  }
  for (const entity of ["EMAIL_ADDRESS", "CREDIT_CARD", "US_SSN", "UK_NHS"]) {
    expect([dlp?.request[entity], dlp?.response[entity]]).toEqual(["report", "report"]);
  }
  expect(Object.keys(dlp?.request ?? {})).not.toContain("URL");
});

test("office redacts what opens doors and accounts, and brings contacts back", () => {
  const dlp = read("{ preset: office }");
  for (const entity of ["API_KEY", "IBAN_CODE", "US_SSN", "UK_NHS"]) {
    expect([dlp?.request[entity], dlp?.response[entity]]).toEqual(["redact", "redact"]);
  }
  expect([dlp?.request.EMAIL_ADDRESS, dlp?.response.EMAIL_ADDRESS]).toEqual(["tokenize", "report"]);
});

test("what a policy says of an entity itself holds instead: stricter, milder, off or with conditions", () => {
  const dlp = read(`{ preset: coding-agent, stream: strict,
    request: { API_KEY: block, JWT: report, EMAIL_ADDRESS: off, US_SSN: { action: redact, minScore: 0.8 } } }`);
  expect(dlp).toMatchObject({
    request: {
      ...{ API_KEY: "block", JWT: "report", EMAIL_ADDRESS: "off", US_SSN: { action: "redact", minScore: 0.8 } },
      ...{ PRIVATE_KEY: "tokenize", CREDIT_CARD: "report" },
    },
    response: { API_KEY: "report", EMAIL_ADDRESS: "report" },
    stream: "strict",
  });
});

test("a policy that was read says nothing of presets any more: what is stored is what takes effect", () => {
  const document = readPolicyFile(
    `organization: acme
dlp: { preset: office }
models: [{ id: m, provider: p, dlp: { preset: coding-agent } }]
groups: [{ name: g, dlp: { preset: office } }, { name: h }]`,
    "policy.yaml",
    { entities, compileCustomRule },
  );
  const policies = [document.dlp, document.models[0]?.dlp, document.groups[0]?.dlp];
  expect(policies.map((policy) => policy?.request.API_KEY)).toEqual(["redact", "tokenize", "redact"]);
  expect(JSON.stringify(document)).not.toContain("preset");
  expect(document.groups[1]?.dlp).toBeNull();
});

test("a preset asks only for what the detectors at hand find", () => {
  expect(read("{ preset: office }", ["EMAIL_ADDRESS"])).toMatchObject({
    request: { EMAIL_ADDRESS: "tokenize" },
    response: { EMAIL_ADDRESS: "report" },
  });
  expect(Object.keys(read("{ preset: office }", ["EMAIL_ADDRESS"])?.request ?? {})).toEqual(["EMAIL_ADDRESS"]);
});

test.each([
  ["{ preset: ofice }", 'preset must be one of coding-agent, office; did you mean "office"?'],
  [
    "{ request: { US_SSN: redcat } }",
    'US_SSN must be one of block, redact, tokenize, report, off; did you mean "redact"?',
  ],
  [
    "{ request: { US_SSN: { action: redcat } } }",
    'action must be one of block, redact, tokenize, report, off; did you mean "redact"?',
  ],
  ["{ request: { US_SSN: { minScore: 0.5 } } }", "action is missing"],
  ["{ request: { US_SSN: { action: block, minscore: 1 } } }", 'unknown key "minscore"; did you mean "minScore"?'],
  ["{ request: { US_SSN: { action: block, minScore: 1.5 } } }", "minScore: must be from 0 to 1"],
  ["{ request: { US_SSN: { action: block, context: always } } }", "context must be one of optional, required"],
  ["{ request: { US_SNS: { action: block } } }", 'no detector finds "US_SNS"; did you mean "US_SSN"?'],
  ["{ allow: { value: [x] } }", 'unknown key "value"; did you mean "values"?'],
  ['{ allow: { values: [" "] } }', "values: must not be empty"],
  ['{ allow: { phrases: [" "] } }', "phrases: must hold a word"],
  [`{ allow: { phrases: ["${"word ".repeat(41)}"] } }`, "phrases: must have at most 200 characters"],
])("%s is refused: %s", (dlp, sentence) => {
  expect(() => read(dlp)).toThrow(sentence);
});

test("an allow-list may leave out either half", () => {
  expect(read("{ allow: { values: [a@b.co] } }")?.allow).toEqual({ values: ["a@b.co"], phrases: [] });
  expect(read("{ allow: { phrases: [call us] } }")?.allow).toEqual({ values: [], phrases: ["call us"] });
});
