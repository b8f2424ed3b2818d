import { createHash } from "node:crypto";
import { hideValues } from "../../../lib/dlp/hide-values";
import { createTokenVault } from "../../../lib/dlp/tokens";

const TOKENS = new Map([
  ["bob@acme.test", "T1"],
  ["bob@acme.test.au", "T2"],
  ['a "quoted"\nkey', "T3"],
  ["$1 (.*)", "T4"],
]);

test.each([
  ["to bob@acme.test, bob@acme.test.au!", "to T1, T2!"],
  [JSON.stringify({ to: 'a "quoted"\nkey' }), '{"to":"T3"}'],
  ['a "quoted"\nkey $1 (.*)', "T3 T4"],
  ["nothing of it", "nothing of it"],
])("%j is kept as %j", (delivered, kept) => {
  expect(hideValues(delivered, TOKENS, false)).toBe(kept);
});

test.each([
  ["to bob@acme.test and bob@acm", "to T1 and "],
  ["to bob", "to "],
  ["b", ""],
  ["to bob@acme.test", "to T1"],
  ['{"to":"a \\"quo', '{"to":"'],
  ["", ""],
])("of a text that was cut, %j, no part of a value is left: %j", (delivered, kept) => {
  expect(hideValues(delivered, TOKENS, true)).toBe(kept);
});

test("a vault hides what its answer put back, and nothing else", () => {
  const { request, answer, hide } = createTokenVault((text) => createHash("sha256").update(text).digest());
  const token = request.tokenFor("EMAIL_ADDRESS", "bob@acme.test");
  request.tokenFor("EMAIL_ADDRESS", "eve@acme.test");
  expect(hide("bob@acme.test", false)).toBe("bob@acme.test");
  answer.findIn(`to ${token}`);
  expect(hide("to bob@acme.test, eve@acme.test", false)).toBe(`to ${token}, eve@acme.test`);
});
