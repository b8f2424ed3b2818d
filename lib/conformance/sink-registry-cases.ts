import type { SinkClaim, SinkRegistry } from "../ports/sink-registry";
import { assertSame } from "./assert-same";
import type { Case } from "./case";
import type { StoreFactory } from "./store-fixtures";
import { storePartCases, type PartCheck } from "./store-part-cases";

const LEASE_MS = 60_000;

function claim(holder: string, seqs: Readonly<Record<string, number>>, more: Partial<SinkClaim> = {}): SinkClaim {
  const heads = Object.entries(seqs).map(([node, seq]) => ({ node, boot: "b", seq, hash: "" }));
  return { sink: "copy", holder, leaseMs: LEASE_MS, heads, from: "beginning", ...more };
}

function shown(places: ReadonlyMap<string, number>): readonly unknown[] {
  return [...places].sort(([a], [b]) => (a < b ? -1 : 1));
}

const CHECKS: readonly PartCheck<SinkRegistry>[] = [
  [
    "gives a new sink every chain from its beginning, or from now, and later chains whole",
    async (sinks) => {
      assertSame(shown(await sinks.take(claim("one", { cli: 3, one: 5 }))), [
        ["cli", 0],
        ["one", 0],
      ]);
      const now = { sink: "log", from: "now" } as const;
      assertSame(shown(await sinks.take(claim("one", { one: 5 }, now))), [["one", 5]]);
      assertSame(shown(await sinks.take(claim("one", { one: 6, two: 2 }, now))), [
        ["one", 5],
        ["two", 0],
      ]);
    },
  ],
  [
    "lets one holder at a time ship a chain, until it gives it up or its lease runs out",
    async (sinks) => {
      await sinks.take(claim("one", { one: 1 }));
      assertSame(shown(await sinks.take(claim("two", { one: 1, two: 1 }))), [["two", 0]]);
      await sinks.take(claim("one", { one: 1 }, { leaseMs: 1 }));
      await new Promise((resolve) => setTimeout(resolve, 50));
      assertSame((await sinks.take(claim("two", { one: 1, two: 1 }))).size, 2);
      assertSame((await sinks.take(claim("one", { one: 1, two: 1 }))).size, 0);
      await sinks.release("copy", "two");
      assertSame((await sinks.take(claim("one", { one: 1, two: 1 }))).size, 2);
    },
  ],
  [
    "keeps places, which never go back, and the last trouble",
    async (sinks) => {
      await sinks.take(claim("one", { one: 9 }));
      assertSame((await sinks.list())[0]?.movedAt ?? null, null);
      await sinks.note("copy", new Map([["one", 7]]), null);
      await sinks.note("copy", new Map([["one", 4]]), "no answer");
      const [state, ...others] = await sinks.list();
      assertSame([state?.sink, shown(state?.places ?? new Map()), state?.error], ["copy", [["one", 7]], "no answer"]);
      assertSame([typeof state?.movedAt, others], ["number", []]);
      assertSame(shown(await sinks.take(claim("one", { one: 9 }))), [["one", 7]]);
    },
  ],
  [
    "forgets a sink",
    async (sinks) => {
      await sinks.take(claim("one", { one: 9 }));
      assertSame([await sinks.remove("copy"), await sinks.remove("copy"), await sinks.list()], [true, false, []]);
    },
  ],
];

/** What a store's registry of sinks must do, where it has one. */
export function sinkRegistryCases(factory: StoreFactory): readonly Case[] {
  return storePartCases(factory, CHECKS, "registry of sinks", ({ sinks }) => sinks);
}
