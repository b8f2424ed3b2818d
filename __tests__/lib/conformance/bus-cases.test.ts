import { busCases } from "../../../lib/conformance";
import type { Bus } from "../../../lib/ports/bus";

type Subscriber = (epoch: number | null) => void;

interface Faults {
  readonly deaf?: boolean;
  readonly shuffled?: boolean;
  readonly neverForgets?: boolean;
  readonly brittle?: boolean;
}

/** A channel in memory; each fault breaks one promise. */
function memoryChannel(faults: Faults): () => Bus {
  const subscribers = new Set<Subscriber>();
  const late: number[] = [];
  const tell = (epoch: number) => subscribers.forEach((subscriber) => subscriber(epoch));
  return () => {
    let closed = false;
    return {
      name: "memory",
      async publish(epoch) {
        if (faults.brittle && subscribers.size === 0) throw new Error("nobody listens");
        if (faults.shuffled && epoch % 2 === 1) return void late.push(epoch);
        tell(epoch);
        for (const earlier of late.splice(0)) tell(earlier);
      },
      async subscribe(onHint) {
        if (!faults.deaf || subscribers.size === 0) subscribers.add(onHint);
        onHint(null);
        return async () => {
          if (!faults.neverForgets) subscribers.delete(onHint);
        };
      },
      async close() {
        if (faults.brittle && closed) throw new Error("closed already");
        closed = true;
      },
    };
  };
}

function casesOn(faults: Faults) {
  return busCases(() => {
    const open = memoryChannel(faults);
    return { first: open(), second: open() };
  }, 200);
}

async function failures(faults: Faults): Promise<readonly string[]> {
  const results = await Promise.all(
    casesOn(faults).map(({ name, run }) =>
      run().then(
        () => [],
        () => [name],
      ),
    ),
  );
  return results.flat();
}

describe("the cases of a bus", () => {
  it.each(casesOn({}))("pass for a good one: it $name", ({ run }) => run());

  it.each<[string, Faults, string]>([
    ["a bus that forgets subscribers", { deaf: true }, "carries an epoch to every subscriber"],
    ["a bus that changes the order", { shuffled: true }, "carries epochs in the order of their publishing"],
    ["a bus that never forgets a subscriber", { neverForgets: true }, "says nothing any more to who has ended"],
    ["a bus that needs a listener", { brittle: true }, "publishes although nobody listens"],
  ])("catch %s", async (_, faults, name) => {
    expect(await failures(faults)).toEqual(expect.arrayContaining([expect.stringContaining(name)]));
  });
});
