import type { DlpPolicy } from "../../../lib/dlp/policy";
import { engineOf, living, policyOf, spanOf } from "../../support/dlp";

const engine = engineOf();
const policyWith = (parts: Partial<DlpPolicy>) => {
  const setting = { CREDIT_CARD: "redact" } as const;
  return engine.policyFor("response", [policyOf({ response: setting, ...parts })]);
};
const base64 = (characters: number): string =>
  Buffer.from(`${"lorem ipsum ".repeat(characters / 16)}card 4111 1111 1111 1111`).toString("base64");
const inspect = (text: string, parts: Partial<DlpPolicy> = {}) =>
  engine.inspect([spanOf(text)], [], policyWith(parts), living());

async function streamed(text: string, parts: Partial<DlpPolicy> = {}) {
  const stream = engine.openStream(policyWith(parts), living());
  const held = [text.slice(0, 70_000), text.slice(70_000)].map((delta) => spanOf(delta, { channel: "c" }));
  const texts = held.map((span) => stream.add(span));
  await stream.settle([]);
  await stream.settle(["c"]);
  return { text: texts.map((one) => one.text ?? "").join(""), stream };
}

test.each([
  ["in one line", (run: string) => run],
  ["in lines of 40", (run: string) => run.replace(/.{40}/g, "$&\n")],
])("a hundred thousand characters of base64 are read wherever they lie: %s", async (_, broken) => {
  for (const before of ["", "so it is. ".repeat(6_000)]) {
    const text = `${before}${broken(base64(100_000))}, he said`;
    const { edits, report } = await inspect(text);
    expect(edits[0]?.text).toBe(`${before}[CREDIT_CARD], he said`);
    expect(report.notScanned).toEqual([]);
  }
});

test("what is encoded and longer is said not to have been read, in requests, answers and streams", async () => {
  const text = `see ${base64(140_000)}`;
  const { edits, report } = await inspect(text);
  expect([edits, report.outcome, report.notScanned]).toEqual([[], "notScanned", ["encoded_text"]]);
  const { stream } = await streamed(text);
  expect(stream.report(text.length)).toMatchObject({ outcome: "notScanned", notScanned: ["encoded_text"] });
});

test("of what is longer and in lines it is said that not all was read", async () => {
  const { report } = await inspect(base64(140_000).replace(/.{76}/g, "$&\r\n"));
  expect(report.notScanned).toEqual(["encoded_text"]);
});

test("it stops the call where nothing may pass that cannot be read", async () => {
  const text = base64(140_000);
  expect(await inspect(text, { uninspectable: "block" })).toMatchObject({ blockedBy: "uninspectable", edits: [] });
  const { stream } = await streamed(text, { uninspectable: "block" });
  expect(stream.blockedBy()).toBe("uninspectable");
});

test("long runs that are no text are not counted, and change nothing", async () => {
  const image = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at * 73 + (at >> 7) * 31) % 256));
  for (const text of [image.toString("base64"), image.toString("base64").replace(/.{76}/g, "$&\n")]) {
    const { edits, report } = await inspect(text);
    expect([edits, report.outcome]).toEqual([[], "clean"]);
    expect((await streamed(text)).text).toBe(text);
  }
});
