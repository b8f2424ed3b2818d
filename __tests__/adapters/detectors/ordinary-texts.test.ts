import { builtInDetectors } from "../../../adapters/detectors/built-in";
import { scanText } from "../../../lib/dlp/scan-text";

const DETECTORS = builtInDetectors();
/** What every listing has, and nobody hides. */
const HARMLESS = new Set(["URL", "IP_ADDRESS"]);

async function foundIn(text: string): Promise<readonly string[]> {
  const findings = await scanText(text, DETECTORS);
  return findings.map(({ entity }) => entity).filter((entity) => !HARMLESS.has(entity));
}

describe("what people and programs write every day is nothing to be found", () => {
  test.each([
    ["a change log", "## [1.0.1](https://example.com/compare/v1.0.0...v1.0.1) (2022-08-18)\n\n### Bug Fixes\n"],
    ["years", "Smith et al. (2019-2021), and (2022/08/18)"],
    ["the head of a licence", "51 Franklin Street, Fifth Floor, Boston, MA 02110-1301, USA."],
    ["the same in a comment", "# Fifth Floor, Boston, MA\n#   02110-1301, USA."],
    ["an address in California", "Pacific Coast Hwy\nMalibu, CA\n 90265-1234\nUSA"],
    ["ping", "PING localhost (127.0.0.1) 56(84) bytes of data."],
    ["a dump", "00000010  02 00 3e 00 01 00 00 00  c5 48 40 00 00 00 00 00  |..>......H@.....|"],
    ["bits", "FOREGROUND_GREEN  0x0002 -- 0000 0010"],
    ["a diff", "diff --git a/src/openai-chat/parts.ts b/src/openai-chat/parts.ts\nindex 04f0530..b549688 100644\n"],
    ["a diff of secrets", "+++ b/src/api-token.ts\nindex ba21473..9ef7b10 100644\n"],
    ["files", "-rwxr-xr-x  1 root root      12607 2022-08-28 10:40:16 awk\n    14816  2023-01-31 22:24   b.txt"],
    ["a password from elsewhere", 'ENV DB_PASSWORD $DB_PASS1\nsshpass -p "$PASS1" ssh x'],
    ["a password in a file", "ENV ADMIN_PASSWORD_FILE /run/secrets/Admin1\nlogin b password <Your1Password>"],
  ])("%s", async (_what, text) => {
    expect(await foundIn(text)).toEqual([]);
  });

  test.each([
    ["US_SSN", "her SSN is 07805-1121"],
    ["US_SSN", "07805-1121"],
    ["US_ITIN", "ITIN: 91273-4567"],
    ["PHONE_NUMBER", "call (0201) 22 08 18"],
    ["CREDIT_CARD", "4111 1111 1111 1111"],
    ["GENERIC_SECRET", 'env:\n  - name: DB_PASSWORD\n    value: "Tr0ub4dor&3xyz"'],
    ["GENERIC_SECRET", '{ "name": "DB_PASSWORD", "value": "Tr0ub4dor&3xyz" }'],
    ["GENERIC_SECRET", "ENV DB_PASSWORD Xk29fQpzLm7"],
    ["GENERIC_SECRET", "default\n  login bob\n  password Xk29fQpzLm7"],
    ["GENERIC_SECRET", "sshpass -p Xk29fQpzLm7 ssh bob@host"],
  ])("where it is said, or nothing else is: %s in %j", async (entity, text) => {
    expect(await foundIn(text)).toContain(entity);
  });
});
