import { coverage, SAMPLES } from "../../../adapters/protocols/coverage";
import type { EntitledCall } from "../../../lib/call";
import { sseEvent, eventBytes } from "../../../lib/http/sse";
import type { Protocol } from "../../../lib/ports/protocol";
import { inspect } from "../../../lib/stages/inspect";
import { inspectEvents, inspectJsonAnswer } from "../../../lib/stages/inspect-answer";
import { clearedCall } from "../../support/cleared-call";
import { engineOf, living, policyOf } from "../../support/dlp";

const MAIL = "alice@example.com";
const engine = engineOf();
const REDACT = policyOf({
  request: { EMAIL_ADDRESS: "redact" },
  response: { EMAIL_ADDRESS: "redact" },
  uninspectable: "allow",
});
const answers = engine.policyFor("response", [REDACT]);

/** What leaves of a document with an address in it, and what the record says. */
const throughGate = {
  async request(protocol: Protocol, document: unknown) {
    const bytes = Buffer.from(JSON.stringify(document));
    const body = { bytes, value: document as never };
    const [operation] = protocol.operations;
    if (operation === undefined) throw new Error("no operation");
    const { principal, model, ...call } = clearedCall({
      protocol,
      operation,
      body,
      prompt: protocol.parse(body, operation),
    });
    const organization = { ...principal.organization, dlp: REDACT };
    const entitled: EntitledCall = { ...call, model: null, principal: { ...principal, organization } };
    expect(model).not.toBeNull();
    const cleared = await inspect(entitled, { engine, remove: [] });
    return { text: Buffer.from(cleared.bytes).toString(), report: cleared.dlp };
  },
  async answer(protocol: Protocol, document: unknown) {
    const bytes = Buffer.from(JSON.stringify(document));
    const content = protocol.response.readJson(document as never);
    const answer = await inspectJsonAnswer(bytes, content, answers, engine, living());
    return { text: Buffer.from(answer.bytes ?? []).toString(), report: answer.report };
  },
  async event(protocol: Protocol, document: unknown) {
    const event = sseEvent(null, JSON.stringify(document));
    const content = protocol.response.openSse().read(event, document as never);
    const { events, report } = await inspectEvents(
      [{ event, data: document as never, content }],
      answers,
      engine,
      living(),
    );
    return { text: Buffer.concat(events.map((read) => eventBytes(read.event))).toString(), report };
  },
};

const EXPECTED = {
  rewritten: [false, 1, 0],
  scanned: [true, 1, 1],
  opaque: [true, 0, 0],
  "left alone": [true, 0, 0],
} as const;

const rows = coverage();
const places = SAMPLES.flatMap(([protocol, samples]) =>
  (["request", "answer", "event"] as const).flatMap((where) =>
    samples[where].map(({ place, document }) => ({ protocol, where, place, document })),
  ),
);

test("every place has its row", () => {
  expect(rows.map(({ protocol, place }) => [protocol, place])).toEqual(
    places.map(({ protocol, place }) => [protocol.name, place]),
  );
});

test.each(places.map((place, index) => [place.protocol.name, place.where, place.place, index] as const))(
  "%s %s: %s is treated as the table says",
  async (_protocol, _where, _place, index) => {
    const place = places[index];
    const row = rows[index];
    if (place === undefined || row === undefined) throw new Error("no such row");
    const { text, report } = await throughGate[place.where](place.protocol, place.document(MAIL));
    const found = report?.findings["EMAIL_ADDRESS"] ?? 0;
    expect([text.includes(MAIL), found, report?.notRewritten]).toEqual(EXPECTED[row.treatment]);
  },
);

test("of what callers write nothing is left alone: it is rewritten, scanned, or counts as what cannot be read", () => {
  expect(rows.filter(({ direction, treatment }) => direction === "request" && treatment === "left alone")).toEqual([]);
});

test("of what a stream says everything is held as far as it must be; tool arguments until they are complete", () => {
  const streamed = rows.filter(({ stream, treatment }) => stream && treatment !== "left alone");
  expect(streamed.filter(({ delivery }) => delivery === null)).toEqual([]);
  expect(
    new Set(streamed.filter(({ delivery }) => delivery === "until complete").map(({ protocol }) => protocol)).size,
  ).toBe(3);
});
