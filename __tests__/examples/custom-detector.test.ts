import request from "supertest";
import { OPEN_POLICY, testGate, type TestGate } from "../../adapters/testing";
import { createApp } from "../../examples/custom-detector/app";
import { ticketDetector } from "../../examples/custom-detector/detector";
import { SAMPLES } from "../../examples/custom-detector/samples";
import { detectorCases } from "../../lib/conformance";
import type { Detector } from "../../lib/ports/detector";
import { engineOf, living, policyOf, spanOf } from "../support/dlp";

describe("the detector keeps the port's promises", () => {
  for (const { name, run } of detectorCases(() => ticketDetector, SAMPLES)) test(name, run);
});

describe("a copy that keeps one of them no longer is told so", () => {
  const found = ticketDetector.detect;
  const broken: Readonly<Record<string, Detector>> = {
    "has a name and names each entity once": { ...ticketDetector, name: "" },
    "has a sample for every entity, and a near miss": { ...ticketDetector, entities: ["TICKET_NUMBER", "OTHER"] },
    "finds every sample where it is": { ...ticketDetector, detect: () => [] },
    "finds nothing in near misses and in the empty text": withPattern(/TICKET-[0-9]+/g),
    "lets go of no part of a growing text that more text makes a finding, changes or undoes": {
      ...ticketDetector,
      openAt: (text) => text.length,
    },
    "finds nothing longer than it declares, whatever stands more than 512 units before": {
      ...ticketDetector,
      maxLength: 4,
    },
    "settles when its time is up": {
      ...ticketDetector,
      detect: (text, signal) => (signal.aborted ? new Promise(() => undefined) : found(text, signal)),
    },
  };

  test.each(Object.entries(broken))("%s", async (name, detector) => {
    const own = detectorCases(() => detector, SAMPLES).find((one) => one.name === name);
    await expect(own?.run()).rejects.toThrow();
  });

  function withPattern(pattern: RegExp): Detector {
    return {
      ...ticketDetector,
      detect: (text) =>
        [...text.matchAll(pattern)].map(({ 0: match, index }) => ({
          ...{ entity: "TICKET_NUMBER", rule: "TICKET_NUMBER", score: 1 },
          ...{ start: index, end: index + match.length },
        })),
    };
  }
});

test("what streams of the detector's samples deliver is what one inspection gives, wherever they are cut", async () => {
  const engine = engineOf({ detectors: [ticketDetector] });
  const policy = engine.policyFor("response", [policyOf({ response: { TICKET_NUMBER: "redact" } })]);
  for (const text of [...SAMPLES.found.map((one) => one.text), ...SAMPLES.clean].map((one) => `so ${one} it is`)) {
    const { edits } = await engine.inspect([spanOf(text)], [], policy, living());
    for (let cut = 0; cut <= text.length; cut += 1) {
      const stream = engine.openStream(policy, living());
      const helds = [text.slice(0, cut), text.slice(cut)].map((one) => stream.add(spanOf(one, { channel: "c" })));
      await stream.settle([]);
      await stream.settle(["c"]);
      expect(helds.map((held) => held.text).join("")).toBe(edits[0]?.text ?? text);
    }
  }
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
