import { readFileSync } from "node:fs";
import path from "node:path";
import { builtInDetectors } from "../../adapters/detectors/built-in";
import { compileCustomRule } from "../../adapters/detectors/custom-rules";
import { ENTITY_KINDS } from "../../adapters/detectors/entity-kinds";
import { PRESET_ACTIONS, PRESETS } from "../../adapters/policy/presets";
import { readPolicyFile } from "../../adapters/policy/read-policy-file";
import { runInProcess } from "../bin/in-process";
import { delivered, engineOf, living, spanOf } from "../support/dlp";

const page = readFileSync(path.join(__dirname, "../../docs/dlp.md"), "utf8");
const entities = [...new Set(builtInDetectors().flatMap((detector) => detector.entities))];

/** Fenced blocks of a language. */
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp("^```" + language + "\\n([^]*?)^```$", "gm"))].map(([, text = ""]) => text);

/** The cells of a table's rows, heading and rule aside. */
const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const section = (from: string, to: string): string =>
  page.slice(page.indexOf(from), page.indexOf(to, page.indexOf(from)));

const read = (yaml: string) =>
  readPolicyFile(yaml.includes("organization:") ? yaml : `organization: acme\n${yaml}`, "docs/dlp.md", {
    entities,
    compileCustomRule,
  });

test("the page lists every entity that the detectors find, by kind, with what presets make of it", () => {
  const expected = Object.entries(ENTITY_KINDS).map(([kind, members]) => [
    kind,
    members.map((entity) => `\`${entity}\``).join(" "),
    ...PRESETS.map((preset) => {
      const { request, response } = PRESET_ACTIONS[preset];
      const named = kind as keyof typeof ENTITY_KINDS;
      return `${request[named]}, ${response[named]}`;
    }),
  ]);
  expect(rowsOf(section("<!-- entities", "<!-- /entities -->"))).toEqual(expected);
  expect(Object.values(ENTITY_KINDS).flat().sort()).toEqual([...entities].sort());
});

test("every policy on the page is one that can be applied", () => {
  const policies = blocks("yaml");
  expect(policies.length).toBeGreaterThan(5);
  for (const yaml of policies) expect(read(yaml).dlp).toBeDefined();
});

test("what the page says at its top comes of what is written there", async () => {
  const { dlp = null } = read(blocks("yaml")[0] ?? "");
  const engine = engineOf();
  const policy = engine.policyFor("request", [dlp]);
  const sent = async (text: string) => {
    const spans = [spanOf(text)];
    const { edits, blockedBy } = await engine.inspect(spans, [], policy, living());
    return blockedBy ?? delivered(spans, edits)[0];
  };
  const [mail = [], card = [], key = []] = rowsOf(section("| Alice writes", "\n\nWithout"));
  const plain = (cell = ""): string => cell.replaceAll("`", "");
  expect(await sent(plain(mail[0]))).toBe("mail [EMAIL_ADDRESS] the offer");
  expect(plain(mail[1])).toMatch(/^mail EMAIL_ADDRESS_[0-9a-hjkmnp-tv-z]{10} the offer$/);
  expect(await sent(plain(card[0]))).toBe(plain(card[1]));
  expect(await sent(plain(key[0]).replace("…", "\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n"))).toBe("PRIVATE_KEY");
});

test("the options that the page names are those of the command", async () => {
  const { stdout } = await runInProcess(["dlp", "scan", "--help"]);
  for (const [option = ""] of rowsOf(section("| Option", "## What it costs"))) {
    expect(stdout).toContain(/--[a-z-]+/.exec(option)?.[0] ?? "no option");
  }
});
