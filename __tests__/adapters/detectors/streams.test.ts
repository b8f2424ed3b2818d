import fc from "fast-check";
import { builtInDetectors } from "../../../adapters/detectors/built-in";
import type { HeldText } from "../../../lib/dlp/stream/channel";
import { SAMPLES } from "../../support/detector-samples";
import { engineOf, living, policyOf, spanOf } from "../../support/dlp";

const engine = engineOf({ detectors: builtInDetectors() });
const everything = policyOf({ response: Object.fromEntries(engine.entities.map((entity) => [entity, "redact"])) });
const texts = Object.values(SAMPLES).flatMap((samples) =>
  samples.map(({ entity, before, value }) => [entity, `He said: ${before}${value}, that is all.`] as const),
);

async function whole(text: string): Promise<string> {
  const policy = engine.policyFor("response", [everything]);
  const { edits } = await engine.inspect([spanOf(text)], [], policy, living());
  return edits[0]?.text ?? text;
}

async function streamed(deltas: readonly string[]): Promise<string> {
  const stream = engine.openStream(engine.policyFor("response", [everything]), living());
  const held: HeldText[] = [];
  for (const text of deltas) {
    held.push(stream.add(spanOf(text, { channel: "c" })));
    await stream.settle([]);
  }
  await stream.settle(["c"]);
  return held.map(({ text }) => text ?? "").join("");
}

test.each(texts)("%s is delivered as one inspection gives it, letter by letter: %j", async (_, text) => {
  const expected = await whole(text);
  expect(expected).not.toBe(text);
  expect(await streamed([...text])).toBe(expected);
});

test.each(["2125550198", "2125550198 . - and more", "876543210", "(876543210)   so", "A123456780", "A123456780 - b"])(
  "what may be all that there is is told from what is not, letter by letter: %j",
  async (text) => {
    expect(await streamed([...text])).toBe(await whole(text));
  },
);

test("findings of every kind side by side are delivered as one inspection gives them, however they are cut", async () => {
  const piece = fc.oneof(
    fc.constantFrom(...texts.map(([, text]) => text)),
    fc.constantFrom(...Object.values(SAMPLES).flatMap((samples) => samples.map(({ value }) => value))),
    fc.constantFrom(" ", "\n", "-", "=", ";", "1 ", "AB ", '"', "key = ", "born ", "+1 "),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 12 }), async (pieces, cuts) => {
      const text = pieces.join("");
      const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((one, other) => one - other), text.length];
      const deltas = places.slice(1).map((end, at) => text.slice(places[at], end));
      expect(await streamed(deltas)).toBe(await whole(text));
    }),
    { numRuns: 400, interruptAfterTimeLimit: 15_000 },
  );
}, 60_000);
