import type { SinkClaim, SinkPlaces, SinkRegistry } from "../../lib/ports/sink-registry";

interface Place {
  seq: number;
  holder: string | null;
  heldUntil: number;
}

interface Sink {
  readonly places: Map<string, Place>;
  movedAt: number | null;
  error: string | null;
}

/** Where sinks stand, for as long as the process runs. */
export function memorySinks(now: () => number): SinkRegistry {
  const sinks = new Map<string, Sink>();
  return Object.freeze({
    async take(claim: SinkClaim): Promise<SinkPlaces> {
      const sink = sinks.get(claim.sink) ?? addSink(sinks, claim);
      for (const { node } of claim.heads) if (!sink.places.has(node)) sink.places.set(node, freePlace(0));
      return takeFree(sink, claim, now());
    },
    async note(name: string, places: SinkPlaces, error: string | null): Promise<void> {
      const sink = sinks.get(name);
      if (sink === undefined) return;
      for (const [node, seq] of places) {
        const place = sink.places.get(node);
        if (place !== undefined) place.seq = Math.max(place.seq, seq);
      }
      if (places.size > 0) sink.movedAt = now();
      sink.error = error;
    },
    async release(name: string, holder: string): Promise<void> {
      for (const place of sinks.get(name)?.places.values() ?? [])
        if (place.holder === holder) Object.assign(place, { holder: null, heldUntil: 0 });
    },
    list: async () =>
      [...sinks]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([sink, { places, movedAt, error }]) => Object.freeze({ sink, places: seqsOf(places), movedAt, error })),
    remove: async (name: string) => sinks.delete(name),
  });
}

function addSink(sinks: Map<string, Sink>, { sink: name, heads, from }: SinkClaim): Sink {
  const places = new Map(heads.map(({ node, seq }) => [node, freePlace(from === "now" ? seq : 0)]));
  const sink: Sink = { places, movedAt: null, error: null };
  sinks.set(name, sink);
  return sink;
}

function freePlace(seq: number): Place {
  return { seq, holder: null, heldUntil: 0 };
}

function takeFree({ places }: Sink, { holder, leaseMs }: SinkClaim, at: number): SinkPlaces {
  for (const place of places.values()) {
    if (place.holder === null || place.holder === holder || place.heldUntil <= at)
      Object.assign(place, { holder, heldUntil: at + leaseMs });
  }
  return seqsOf(new Map([...places].filter(([, place]) => place.holder === holder)));
}

function seqsOf(places: ReadonlyMap<string, Place>): SinkPlaces {
  return new Map([...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([node, { seq }]) => [node, seq]));
}
