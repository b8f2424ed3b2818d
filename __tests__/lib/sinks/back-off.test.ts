import { backOff } from "../../../lib/sinks/back-off";
import { SinkTrouble, troubleOf } from "../../../lib/sinks/sink-trouble";

const pauses = (error: unknown, chance: number) => [1, 2, 3, 4, 20].map((failures) => backOff(failures, error, chance));

it("waits longer after each failure, up to half a minute, never two gates alike", () => {
  expect(pauses(new Error(), 0)).toEqual([250, 500, 1_000, 2_000, 15_000]);
  expect(pauses(new Error(), 0.999).map(Math.round)).toEqual([500, 1_000, 1_999, 3_998, 29_985]);
});

it("heeds what the other side asked for, within an hour", () => {
  expect(pauses(new SinkTrouble("busy", { retryAfterMs: 7_000 }), 0.5)).toEqual([7_000, 7_000, 7_000, 7_000, 7_000]);
  expect(backOff(1, new SinkTrouble("busy", { retryAfterMs: 9e9 }), 0)).toBe(3_600_000);
  expect(backOff(1, new SinkTrouble("busy", { retryAfterMs: 0 }), 0)).toBe(500);
});

it("knocks once a minute where somebody has to look", () => {
  expect(backOff(1, new SinkTrouble("it answered 401", { permanent: true }), 0)).toBe(30_000);
});

it("shows only what may be shown of an error", () => {
  const refused = Object.assign(new Error("connect 10.0.0.1"), { code: "ECONNREFUSED" });
  const shown = [new SinkTrouble("it answered 500"), refused, new TypeError("k=secret"), "secret"].map(troubleOf);
  expect(shown).toEqual(["it answered 500", "Error ECONNREFUSED", "TypeError", "string"]);
});
