import type { Principal } from "../../../lib/policy/domain";
import { inspectText } from "../../../lib/dlp/inspect-text";
import type { DlpPolicy } from "../../../lib/dlp/policy";
import { groupOf, userOf } from "../../support/arbitrary-policy";
import { CARD, engineOf, policyOf } from "../../support/dlp";

const engine = engineOf();

function principalOf(organization: DlpPolicy | null, ...groups: DlpPolicy[]): Principal {
  return {
    ...{ keyId: "0123456789", keyName: "laptop", epoch: 1, user: userOf("administrator") },
    organization: { id: "o1", name: "acme", dlp: organization },
    groups: groups.map((dlp) => groupOf({ dlp })),
  };
}

const principal = principalOf(
  policyOf({ request: { EMAIL_ADDRESS: "redact" } }),
  policyOf({ response: { CREDIT_CARD: "block" } }),
);

test("redacts under the policy of organisation and groups, with offsets into the text that was given", async () => {
  expect(await inspectText(engine, principal, "request", `a@b.co ${CARD}`)).toEqual({
    text: `[EMAIL_ADDRESS] ${CARD}`,
    blockedBy: null,
    findings: [{ entity: "EMAIL_ADDRESS", rule: "EMAIL_ADDRESS", action: "redact", start: 0, end: 6, score: 1 }],
  });
});

test("gives no text where a rule blocks it", async () => {
  expect(await inspectText(engine, principal, "response", CARD)).toMatchObject({
    text: null,
    blockedBy: "CREDIT_CARD",
  });
});

test("leaves a text alone where no policy applies", async () => {
  const free = principalOf(null);
  expect(await inspectText(engine, free, "request", "a@b.co")).toEqual({
    text: "a@b.co",
    blockedBy: null,
    findings: [],
  });
});

test("knows scores, context and allow-lists as the API does, layer by layer", async () => {
  const organization = policyOf({
    request: { US_SSN: { action: "block", minScore: 0.9 }, PHONE_NUMBER: { action: "redact", context: "required" } },
    response: { EMAIL_ADDRESS: "redact" },
    allow: { values: ["help@acme.example"], phrases: ["form 536-22-8765 a"] },
  });
  const group = policyOf({ request: { US_SSN: "report" } });
  const asked = (text: string, direction: "request" | "response" = "request") =>
    inspectText(engine, principalOf(organization, group), direction, text);
  expect(await asked("it is 536-22-8765")).toMatchObject({ blockedBy: null, findings: [{ action: "report" }] });
  expect(await asked("ssn 536-22-8765")).toMatchObject({ text: null, blockedBy: "US_SSN" });
  expect(await asked("ssn, form 536-22-8765 a")).toMatchObject({ blockedBy: null, findings: [{ action: "report" }] });
  expect((await asked("row +1 650 253 0000")).text).toBe("row +1 650 253 0000");
  expect((await asked("call +1 650 253 0000")).text).toBe("call [PHONE_NUMBER]");
  expect((await asked("help@acme.example, eve@acme.example", "response")).text).toBe(
    "help@acme.example, [EMAIL_ADDRESS]",
  );
});
