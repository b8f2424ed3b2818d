import { builtInDetectors } from "../../../adapters/detectors/built-in";
import { scanText } from "../../../lib/dlp/scan-text";
import { armoured, CARD } from "../../support/dlp";

test("gives line, column and a context in which nothing that was found can be read", async () => {
  const text = `first line\nmail alice@example.com or bob@example.com\r\ncard ${CARD} on file`;
  const findings = await scanText(text, builtInDetectors());
  expect(findings.map(({ entity, line, column, context }) => [entity, line, column, context])).toEqual([
    ["EMAIL_ADDRESS", 2, 6, "mail [EMAIL_ADDRESS] or "],
    ["EMAIL_ADDRESS", 2, 27, " or [EMAIL_ADDRESS]"],
    ["CREDIT_CARD", 3, 6, "card [CREDIT_CARD] on file"],
  ]);
  expect(text.slice(findings[0]?.start, findings[0]?.end)).toBe("alice@example.com");
  expect(JSON.stringify(findings)).not.toMatch(/alice|bob@|4111/);
});

test("finds what spans lines, and what look-alikes hide", async () => {
  const findings = await scanText(`x ${armoured("EC PRIVATE KEY")}\nali\u00adce＠example.com`, builtInDetectors());
  expect(findings.map(({ entity, line }) => [entity, line])).toEqual([
    ["PRIVATE_KEY", 1],
    ["EMAIL_ADDRESS", 5],
  ]);
});

test("counts lines of a long text", async () => {
  const text = `${"filler\n".repeat(40_000)}a@b.co`;
  const [finding] = await scanText(text, builtInDetectors());
  expect(finding).toMatchObject({ line: 40_001, column: 1, start: 280_000, end: 280_006 });
});
