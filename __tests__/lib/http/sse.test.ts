import fc from "fast-check";
import { createSseParser, eventBytes, formatSseEvent, sseEvent, type SseEvent } from "../../../lib/http/sse";

const LIMIT = { maxEventBytes: 10_000 };

function parse(chunks: readonly Uint8Array[]): readonly SseEvent[] {
  const parser = createSseParser(LIMIT);
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()];
}

function parseText(stream: string): readonly Omit<SseEvent, "raw">[] {
  return parse([Buffer.from(stream)]).map(({ raw: _, ...event }) => event);
}

function rawText(events: readonly SseEvent[]): string {
  return Buffer.concat(events.map((event) => event.raw ?? Buffer.alloc(0))).toString("latin1");
}

describe("createSseParser", () => {
  it.each<[string, readonly Omit<SseEvent, "raw">[]]>([
    ["data: x\n\n", [{ event: null, data: "x" }]],
    ["data:x\n\n", [{ event: null, data: "x" }]],
    ["data:  x\n\n", [{ event: null, data: " x" }]],
    ["data: x\r\n\r\n", [{ event: null, data: "x" }]],
    [
      "data: x\r\rdata: y\r\r",
      [
        { event: null, data: "x" },
        { event: null, data: "y" },
      ],
    ],
    ["data: x\r\n\n", [{ event: null, data: "x" }]],
    ["data: x\n\r\n", [{ event: null, data: "x" }]],
    ["event: delta\ndata: {\ndata: }\n\n", [{ event: "delta", data: "{\n}" }]],
    ["event: a\nevent: b\ndata\n\n", [{ event: "b", data: "" }]],
    ["data:\n\n", [{ event: null, data: "" }]],
    [": ping\n\n", [{ event: null, data: null }]],
    ["event: ping\n\n", [{ event: "ping", data: null }]],
    ["event:\ndata: x\n\n", [{ event: "", data: "x" }]],
    ["id: 7\nretry: 10\ndata: x\n\n", [{ event: null, data: "x" }]],
    ["Data: x\n data: y\n\n", [{ event: null, data: null, stray: true }]],
    [" \n\n", [{ event: null, data: null }]],
    ["data: a:b: c\n\n", [{ event: null, data: "a:b: c" }]],
    ["\ufeffdata: x\n\n", [{ event: null, data: "x" }]],
    [
      "data: x\n\n\ufeffdata: y\n\n",
      [
        { event: null, data: "x" },
        { event: null, data: null, stray: true },
      ],
    ],
    [
      "\n\ndata: x\n\n",
      [
        { event: null, data: null },
        { event: null, data: null },
        { event: null, data: "x" },
      ],
    ],
    ["data: x\u2028y\u0085z\n\n", [{ event: null, data: "x\u2028y\u0085z" }]],
    [
      "data: x\n\ndata: y",
      [
        { event: null, data: "x" },
        { event: null, data: "y", unterminated: true },
      ],
    ],
    ["data: x\n", [{ event: null, data: "x", unterminated: true }]],
    ["data: x\r\n\r", [{ event: null, data: "x" }]],
    ["", []],
  ])("reads %j", (stream, expected) => {
    expect(parseText(stream)).toEqual(expected);
  });

  it("hands an event over as soon as its blank line is there", () => {
    const parser = createSseParser(LIMIT);
    expect(parser.push(Buffer.from("data: x\n"))).toEqual([]);
    expect(parser.push(Buffer.from("\n"))).toHaveLength(1);
    expect(parser.push(Buffer.from("data: y\r\n\r"))).toEqual([]);
    expect(parser.push(Buffer.from("\n"))).toHaveLength(1);
    expect(parser.end()).toEqual([]);
  });

  it("replaces what is not UTF-8 and keeps its bytes", () => {
    const input = Buffer.from("data: \xff\xe9\n\n", "latin1");
    expect(parse([input])).toEqual([{ event: null, data: "\ufffd\ufffd", raw: input }]);
  });

  it.each([1, 7, 64])("refuses an event that does not end within the limit, in chunks of %d", (size) => {
    const parser = createSseParser({ maxEventBytes: 100 });
    const push = (): void => {
      for (let sent = 0; sent < 200; sent += size) parser.push(Buffer.alloc(size, "x"));
    };
    expect(push).toThrow(expect.objectContaining({ code: "upstream_unavailable", reason: "upstream_malformed" }));
  });

  it("refuses an event above the limit even if it comes whole, and accepts one of exactly that size", () => {
    const event = Buffer.from(`data: ${"x".repeat(92)}\n\n`);
    expect(createSseParser({ maxEventBytes: 100 }).push(event)).toHaveLength(1);
    expect(() => createSseParser({ maxEventBytes: 99 }).push(event)).toThrow(
      expect.objectContaining({ reason: "upstream_malformed" }),
    );
  });

  it("does not count events together", () => {
    const parser = createSseParser({ maxEventBytes: 20 });
    for (let count = 0; count < 100; count += 1)
      expect(parser.push(Buffer.from("data: 0123456789\n\n"))).toHaveLength(1);
  });

  it("takes megabytes in one-byte chunks in linear time", () => {
    const parser = createSseParser({ maxEventBytes: 2_000_000 });
    const start = performance.now();
    const byte = Buffer.from("x");
    for (let count = 0; count < 1_000_000; count += 1) parser.push(byte);
    expect(parser.end()[0]?.raw).toHaveLength(1_000_000);
    expect(performance.now() - start).toBeLessThan(4_000);
  });

  it("sees the same events, and loses no byte, however the stream is cut", () => {
    const piece = fc.constantFrom(
      "\n",
      "\r",
      "\r\n",
      "\n\n",
      "data",
      ":",
      " ",
      "event: e",
      "data: é\u{1f600}",
      "\ufeff",
      "x",
      ": c",
      "\xff",
    );
    const stream = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join("")));
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 20 }), (whole, sizes) => {
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < whole.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(whole.subarray(at, at + size + (turn % 2)));
          at += size + (turn % 2);
        }
        const events = parse(chunks);
        expect(rawText(events)).toBe(whole.toString("latin1"));
        expect(events.map(comparable)).toEqual(parse([whole]).map(comparable));
        expect(events.map(comparable)).toEqual(parse([...whole].map((byte) => Buffer.from([byte]))).map(comparable));
      }),
      { numRuns: 1_500 },
    );
  });

  it("agrees with a naive reader of whole streams", () => {
    const line = fc.constantFrom("data: a", "data: b", "data", "event: e", ": c", "id: 1", "", "", "nonsense");
    const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
    fc.assert(
      fc.property(fc.array(fc.tuple(line, lineEnd), { maxLength: 30 }), (lines) => {
        const stream = lines.map(([content, end]) => content + end).join("");
        const dispatched = parseText(stream).filter((event) => event.data !== null && !event.unterminated);
        expect(dispatched.map(({ event, data }) => [event ?? "", data])).toEqual(naive(stream));
      }),
      { numRuns: 1_000 },
    );
  });

  function comparable({ raw, ...event }: SseEvent): object {
    return { ...event, raw: Buffer.from(raw ?? []).toString("latin1") };
  }

  /** Line by line, as the format's text says. */
  function naive(stream: string): readonly (readonly [string, string])[] {
    const lines = stream.replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n");
    lines.pop();
    const events: [string, string][] = [];
    let event = "";
    let data: string[] = [];
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) events.push([event, data.join("\n")]);
        event = "";
        data = [];
      } else if (line === "data") data.push("");
      else if (line.startsWith("data: ")) data.push(line.slice(6));
      else if (line.startsWith("event: ")) event = line.slice(7);
    }
    return events;
  }
});

describe("formatSseEvent", () => {
  it.each([
    [{ event: "error", data: '{"a":1}' }, 'event: error\ndata: {"a":1}\n\n'],
    [{ event: null, data: "[DONE]" }, "data: [DONE]\n\n"],
    [{ event: null, data: "a\nb\r\nc\rd" }, "data: a\ndata: b\ndata: c\ndata: d\n\n"],
    [{ event: "ping", data: null }, "event: ping\n\n"],
    [{ event: null, data: "" }, "data: \n\n"],
  ])("writes %j", (event, expected) => {
    expect(Buffer.from(formatSseEvent(event)).toString()).toBe(expected);
  });

  it("refuses a name that would begin another field", () => {
    expect(() => formatSseEvent({ event: "a\ndata: b", data: null })).toThrow(TypeError);
  });

  it("is read back as it was", () => {
    const name = fc.option(fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n]/.test(text)));
    const data = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\r", "\n"));
    fc.assert(
      fc.property(name, data, (event, text) => {
        expect(parse([formatSseEvent({ event, data: text })])).toMatchObject([{ event, data: text }]);
      }),
    );
  });
});

describe("eventBytes", () => {
  it("gives received events back byte for byte", () => {
    const raw = Buffer.from("id: 1\r\ndata:x\r\n\r\n");
    expect(parse([raw]).map(eventBytes)).toEqual([raw]);
  });

  it("writes events that were made here", () => {
    expect(sseEvent("e", "x")).toEqual({ event: "e", data: "x", raw: null });
    expect(Buffer.from(eventBytes(sseEvent("e", "x"))).toString()).toBe("event: e\ndata: x\n\n");
  });
});
