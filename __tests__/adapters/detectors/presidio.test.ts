import { presidioDetector, type PresidioDetector, type PresidioOptions } from "../../../adapters/detectors/presidio";
import { detectorCases } from "../../../lib/conformance";
import { living } from "../../support/dlp";
import {
  analyzed,
  answer,
  presidioServer,
  type Misbehaviour,
  type PresidioServer,
} from "../../support/presidio-server";

let server: PresidioServer;
const opened: PresidioDetector[] = [];
beforeAll(async () => {
  server = await presidioServer();
});
afterEach(() => server.misbehave(null));
afterAll(async () => {
  for (const detector of opened) await detector.close();
  await server.close();
});

function detectorOf(options: Partial<PresidioOptions> = {}): PresidioDetector {
  const detector = presidioDetector({ url: server.url, timeoutMs: 5_000, ...options });
  opened.push(detector);
  return detector;
}

async function found(text: string, detector = detectorOf()): Promise<readonly string[]> {
  return (await detector.detect(text, living())).map(({ start, end }) => text.slice(start, end));
}

describe("the detector keeps the port's promises", () => {
  const samples = {
    found: [
      { text: "ask Ada Lovelace", entity: "PERSON", start: 4, end: 16 },
      { text: "off to Timbuktu", entity: "LOCATION", start: 7, end: 15 },
    ],
    clean: ["ask Ada", "nothing"],
  };
  const cases = detectorCases(() => detectorOf({ entities: ["PERSON", "LOCATION"] }), samples);
  for (const { name, run } of cases) test(name, run);
});

test("asks what the analyzer's API wants to know", async () => {
  await found("Ada Lovelace", detectorOf({ entities: ["PERSON"], scoreThreshold: 0.4, headers: { "x-token": "t" } }));
  expect(server.questions.at(-1)).toEqual({
    ...{ text: ["Ada Lovelace"], language: "en" },
    ...{ entities: ["PERSON"], score_threshold: 0.4 },
  });
  expect(server.headers.at(-1)).toMatchObject({ "content-type": "application/json", "x-token": "t" });
});

test("a path of the URL stays, and one text alone goes as one where lists are not known", async () => {
  const detector = detectorOf({ url: `${server.url}/`, batchSize: 1 });
  expect(await found("Ada Lovelace", detector)).toEqual(["Ada Lovelace"]);
  expect(server.questions.at(-1)?.text).toBe("Ada Lovelace");
});

test.each([
  ["characters outside the basic plane before it", "😀𝒜😀 Ada Lovelace 😀 Timbuktu", ["Ada Lovelace", "Timbuktu"]],
  ["such characters inside it", "so Zoë 𝒜str said", ["Zoë 𝒜str"]],
  ["other scripts", "日本語 李小龍 日本語", ["李小龍"]],
  ["half a pair before it", "\ud83d Ada Lovelace", ["Ada Lovelace"]],
])("code points are led back to UTF-16 units: %s", async (_, text, expected) => {
  expect((await found(text)).toSorted()).toEqual(expected.toSorted());
});

test("the analyzer's names become the policy's, and what was not asked for is nothing", async () => {
  const detector = detectorOf({ entities: { PERSON: "NAME_OF_PERSON" } });
  expect(detector.entities).toEqual(["NAME_OF_PERSON"]);
  const findings = await detector.detect("Ada Lovelace in Timbuktu", living());
  expect(findings).toEqual([{ entity: "NAME_OF_PERSON", rule: "presidio:PERSON", start: 0, end: 12, score: 0.85 }]);
});

test("the threshold is the last word on what counts", async () => {
  expect(await found("maybe", detectorOf({ entities: ["LOW"] }))).toEqual([]);
  const [finding] = await detectorOf({ entities: ["LOW"], scoreThreshold: 0.2 }).detect("maybe", living());
  expect(finding?.score).toBe(0.5);
});

test("many texts go in batches, and each gets its own findings", async () => {
  const before = server.questions.length;
  const texts = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? `${index} Ada Lovelace` : "nobody"));
  const lists = (await detectorOf({ batchSize: 4 }).detectAll?.(texts, living())) ?? [];
  expect(lists.map((findings) => findings.length)).toEqual(texts.map((text) => (text === "nobody" ? 0 : 1)));
  const sizes = server.questions.slice(before).map(({ text }) => text.length);
  expect(sizes.toSorted()).toEqual([2, 4, 4]);
});

test("no more questions are asked at a time than there may be connections, which are used again", async () => {
  const { connections } = server.seen;
  server.seen.atOnce = 0;
  const detector = detectorOf({ connections: 3, batchSize: 1 });
  await detector.detectAll?.(
    Array.from({ length: 30 }, (_, index) => `Ada Lovelace ${index}`),
    living(),
  );
  expect(server.seen.atOnce).toBeLessThanOrEqual(3);
  expect(server.seen.connections - connections).toBeLessThanOrEqual(3);
});

const NONSENSE: readonly (readonly [what: string, how: Misbehaviour])[] = [
  ["an error", (res) => answer(res, { error: "Ada Lovelace" }, 500)],
  ["a redirect", (res) => void res.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
  ["what is not JSON", (res) => void res.end("Ada Lovelace")],
  ["half an answer", (res) => void (res.writeHead(200, { "content-length": "100" }).write("[["), res.destroy())],
  ["no list", (res) => answer(res, { findings: [] })],
  ["fewer lists than texts", (res) => answer(res, [])],
  ["a list too many", (res) => answer(res, [[], []])],
  ["findings that are no list", (res) => answer(res, ["Ada"])],
  ["a finding that is none", (res) => answer(res, [[null]])],
  ["a place behind the text", (res) => answer(res, [[{ entity_type: "PERSON", start: 3, end: 99, score: 1 }]])],
  ["an empty place", (res) => answer(res, [[{ entity_type: "PERSON", start: 3, end: 3, score: 1 }]])],
  ["a place before the text", (res) => answer(res, [[{ entity_type: "PERSON", start: -1, end: 3, score: 1 }]])],
  ["half a character", (res) => answer(res, [[{ entity_type: "PERSON", start: 0.5, end: 3, score: 1 }]])],
  ["a place in UTF-16 units", (res, { text }) => answer(res, [[{ entity_type: "PERSON", start: 0, end: String(text).length, score: 1 }]])], // prettier-ignore
  ["a score of two", (res) => answer(res, [[{ entity_type: "PERSON", start: 0, end: 3, score: 2 }]])],
  ["no score", (res) => answer(res, [[{ entity_type: "PERSON", start: 0, end: 3 }]])],
  ["no entity", (res) => answer(res, [[{ start: 0, end: 3, score: 1 }]])],
  ["an answer without end", (res) => flood(res.writeHead(200))],
];

function flood(res: Parameters<Misbehaviour>[0]): void {
  if (!res.destroyed) res.write(" ".repeat(1 << 20), () => flood(res));
}

test.each(NONSENSE)("an analyzer that answers with %s is taken for one that is down", async (_, how) => {
  const detector = detectorOf();
  server.misbehave(how);
  const failure: unknown = await Promise.resolve(detector.detect("😀 Ada Lovelace", living())).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Error);
  expect(String(failure)).not.toContain("Ada");
  server.misbehave(null);
  expect(await found("Ada Lovelace", detector)).toEqual(["Ada Lovelace"]);
});

test("a question that is not answered in time fails, and one whose caller is gone is not waited for", async () => {
  server.misbehave(() => undefined);
  await expect(detectorOf({ timeoutMs: 60 }).detect("Ada Lovelace", living())).rejects.toThrow();
  const gone = new AbortController();
  const asked = detectorOf().detect("Ada Lovelace", gone.signal);
  setTimeout(() => gone.abort(), 30);
  await expect(asked).rejects.toThrow();
});

test("a slow answer is an answer", async () => {
  server.misbehave((res, question) => void setTimeout(() => answer(res, analyzed(question)), 300));
  expect(await found("Ada Lovelace")).toEqual(["Ada Lovelace"]);
});

test("an analyzer that cannot find what it is to find is refused, until it can", async () => {
  const detector = detectorOf({ entities: ["PERSON", "UNHEARD_OF"] });
  await expect(detector.check()).rejects.toThrow('the analyzer finds no UNHEARD_OF in "en"');
  await expect(detector.detect("Ada Lovelace", living())).rejects.toThrow();
  server.supports(["PERSON", "LOCATION", "NRP", "DATE_TIME", "LOW", "UNHEARD_OF"]);
  await detector.check();
  expect(await found("Ada Lovelace", detector)).toEqual(["Ada Lovelace"]);
  await expect(detectorOf({ language: "xx" }).check()).rejects.toThrow();
});

test("an analyzer that is not there fails at once", async () => {
  const closed = await presidioServer();
  await closed.close();
  await expect(found("Ada Lovelace", detectorOf({ url: closed.url }))).rejects.toThrow();
});

test.each<[string, object]>([
  ['presidioDetector() has no option "uri"; did you mean "url".', { uri: "http://h", url: "http://h" }],
  ['presidioDetector() has a "url" with a query or fragment; write it without.', { url: "http://h/?a=b" }],
  ['presidioDetector() needs "language" as a code such as "en".', { url: "http://h", language: "" }],
  ['presidioDetector() needs "headers" as names with values in printable ASCII; is the environment variable set?', { url: "http://h", headers: { a: "\n" } }], // prettier-ignore
])("options that cannot work are refused: %s", (sentence, options) => {
  expect(() => presidioDetector(options as PresidioOptions)).toThrow(sentence);
});
