import request from "supertest";
import { OPEN_POLICY, testGate, type TestGate } from "../../adapters/testing";
import { createApp, ticketDetector } from "../../examples/custom-detector";
import { detectorCases } from "../../lib/conformance";

const SAMPLES = {
  found: [{ text: "see TICKET-12345 please", entity: "TICKET_NUMBER", start: 4, end: 16 }],
  clean: ["TICKET-1", "MYTICKET-12345", "ticket 12345"],
};

describe("the detector keeps the port's promises", () => {
  for (const { name, run } of detectorCases(() => ticketDetector, SAMPLES)) test(name, run);
});

describe("a gate with the detector", () => {
  let kit: TestGate;
  beforeAll(async () => {
    const dlp = { request: { TICKET_NUMBER: "redact" }, response: {}, custom: [] } as const;
    kit = await testGate({ policy: { ...OPEN_POLICY, dlp }, dlp: { detectors: [ticketDetector] } });
  });
  afterAll(() => kit.close());

  test("redacts what it finds before the model sees it, on every protocol", async () => {
    const app = createApp(kit.gate);
    const key = await kit.mintKey();
    const content = "close TICKET-12345";
    const messages = [{ role: "user", content }];
    const calls: readonly (readonly [string, object])[] = [
      ["/v1/chat/completions", { model: "gpt-4o-mini", messages }],
      ["/v1/responses", { model: "gpt-4o-mini", input: content }],
      ["/v1/messages", { model: "claude-sonnet-4-5", max_tokens: 9, messages }],
    ];
    for (const [path, body] of calls) {
      const { text } = await request(app).post(path).set("authorization", `Bearer ${key}`).send(body);
      expect(text).toContain("close [TICKET_NUMBER]");
      expect(text).not.toContain("12345");
    }
    const found = (await kit.trail())
      .filter(({ kind }) => kind === "completion")
      .map(({ dlp }) => dlp?.request?.findings);
    expect(found).toEqual([{ TICKET_NUMBER: 1 }, { TICKET_NUMBER: 1 }, { TICKET_NUMBER: 1 }]);
  });
});
