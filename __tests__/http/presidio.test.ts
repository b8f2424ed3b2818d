import { presidioDetector, type PresidioDetector } from "../../adapters/detectors/presidio";
import { DIALECTS } from "../support/dialects";
import { check, type Ask } from "../support/http-check";
import { dlp, HOUSE } from "../support/house-policy";
import { analyzed, answer, presidioServer, type Misbehaviour, type PresidioServer } from "../support/presidio-server";
import { begun, json, streamed } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

const NAME = "Ada Lovelace";

let server: PresidioServer;
let detector: PresidioDetector;
let site: Site;
beforeAll(async () => {
  server = await presidioServer();
  detector = presidioDetector({ url: server.url, timeoutMs: 4_000, entities: ["PERSON", "LOCATION"] });
  const actions = { PERSON: "redact", LOCATION: "block" } as const;
  site = await openSite({
    policy: { ...HOUSE, dlp: dlp({ request: actions, response: actions }) },
    dlp: { detectors: [detector], budgetMs: 5_000 },
  });
  for (const secret of [NAME, "Timbuktu"]) site.keepSecret(secret);
});
afterEach(() => server.misbehave(null));
afterAll(async () => {
  await site.close();
  await detector.close();
  await server.close();
});

const DOWN: readonly (readonly [what: string, how: Misbehaviour])[] = [
  ["an error", (res) => answer(res, { error: NAME }, 500)],
  ["nonsense", (res) => answer(res, [[{ entity_type: "PERSON", start: 0, end: 9_999, score: 1 }]])],
  ["a hang-up", (res) => res.destroy()],
];

describe.each(DIALECTS)("$path behind a Presidio analyzer", (dialect) => {
  const ask: Ask = { dialect, as: "alice", with: { store: false } };
  const asStream: Ask = { dialect, as: "alice", with: { store: false, stream: true } };

  it("redacts and blocks what the analyzer finds in a request", async () => {
    await check(site, { ...ask, text: `😀 ask ${NAME} about it` }, {});
    expect(site.upstream.calls.at(-1)?.body.toString()).toContain("😀 ask [PERSON] about it");
    await check(site, { ...ask, text: "off to Timbuktu" }, { refused: "dlp_blocked", reason: "dlp" });
  });

  it("asks once for all the texts of a call", async () => {
    const before = server.questions.length;
    const said = [`I am ${NAME} ${dialect.name}`, `again ${dialect.name}`, `so ${dialect.name} it is`];
    const conversation = said.map((content) => ({ role: "user", content }));
    const body = dialect.ask("x", dialect.name === "responses" ? { input: conversation } : { messages: conversation });
    await check(site, { ...ask, body: { ...body, store: undefined } }, {});
    const asked = server.questions.slice(before).map(({ text }) => text);
    expect(asked[0]).toEqual(expect.arrayContaining(said));
    // What follows is about the answer.
    expect(asked.slice(1).flat()).not.toEqual(expect.arrayContaining(said));
  });

  it.each(DOWN)(
    "F14: is 503 in the dialect, the upstream untouched, while the analyzer answers with %s",
    async (_, how) => {
      server.misbehave(how);
      for (const stream of [false, true]) {
        const text = `fresh words ${Math.random()} of ${NAME}`;
        await check(
          site,
          { ...ask, text, with: { stream } },
          { refused: "dlp_unavailable", reason: "dlp_unavailable" },
        );
      }
      server.misbehave(null);
      await check(site, { ...ask, text: `now ${NAME}` }, {});
    },
  );

  it("redacts an answer, and ends one that must not leave as the content filter does", async () => {
    site.upstream.next(json(dialect.answer(`it was ${NAME}`)));
    expect((await check(site, ask, {})).text).toContain("it was [PERSON]");
    site.upstream.next(json(dialect.answer("she is in Timbuktu")));
    const { json: withheld } = await check(site, ask, { outcome: "withheld" });
    expect(withheld).toMatchObject(dialect.withheld.json);
  });

  it("holds a text of a stream until it is complete, and tells the client meanwhile that it is there", async () => {
    const events = dialect.events("it was ", "Ada Lo", "velace.");
    const last = events.slice(-3);
    site.upstream.next(begun(events.slice(0, -3), (res) => void setTimeout(() => res.end(last.join("")), 1_500)));
    const { text } = await check(site, asStream, {});
    expect(text).toContain("[PERSON]");
    expect(text).not.toMatch(/Ada|Lo"|velace/);
    expect(text).toContain(dialect.cleanEnd);
    expect(text).toMatch(dialect.name === "messages" ? /event: ping\n/ : /^: /m);
  });

  it("ends a stream that must not leave as the content filter does", async () => {
    site.upstream.next(streamed(dialect.events("she is in Tim", "buktu", " now")));
    const { text } = await check(site, asStream, { outcome: "blocked_midstream" });
    expect(text).toMatch(dialect.withheld.streamed);
    expect(text).not.toContain("Tim");
  });

  it("F14: fails a stream in the dialect while the analyzer is down, and none of its text leaves", async () => {
    server.misbehave((res, question) =>
      JSON.stringify(question).includes("streamed secret") ? res.destroy() : answer(res, analyzed(question)),
    );
    site.upstream.next(streamed(dialect.events("the streamed ", "secret of ", NAME)));
    const { text } = await check(site, asStream, { outcome: "upstream_error" });
    expect(text).toMatch(dialect.streamFailure);
    expect(text).not.toMatch(/streamed secret|Ada/);
  });
});
