import { setTimeout as sleep } from "node:timers/promises";
import { createGatheredReads } from "../../../lib/auth/gathered-reads";

/** A source that says how it was asked, and answers when it is let. */
function source(answer: () => Promise<unknown> = () => Promise.resolve()) {
  const asked: (readonly string[])[] = [];
  const read = createGatheredReads<string>({
    readOne: async (id) => {
      asked.push([id]);
      await answer();
      return id === "nobody" ? null : `value of ${id}`;
    },
    readMany: async (ids) => {
      asked.push(ids);
      await answer();
      return new Map(
        ids
          .filter((id) => id !== "nobody")
          .map((id) => [id, id === "broken" ? new Error("half a row") : `value of ${id}`]),
      );
    },
    timeoutMs: 50,
  });
  return { asked, read };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `id${index}`);

describe("reads that are gathered", () => {
  it("ask for the first at once, and for all that come meanwhile in one question", async () => {
    const { asked, read } = source();
    const all = await Promise.all(ids(100).map(read));
    expect(all).toEqual(ids(100).map((id) => `value of ${id}`));
    expect(asked.map((batch) => batch.length)).toEqual([1, 99]);
  });

  it("ask 200 times a second at most, for 500 at most", async () => {
    const { asked, read } = source();
    const began = performance.now();
    await Promise.all(ids(10_000).map(read));
    expect(asked).toHaveLength(1 + 20);
    expect(performance.now() - began).toBeGreaterThan(19 * 5);
  });

  it("give each its own: a value, nothing, or what is wrong with it alone", async () => {
    const { read } = source();
    const told = await Promise.allSettled(["first", "nobody", "broken", "whole"].map(read));
    expect(told.map((one) => (one.status === "fulfilled" ? one.value : (one.reason as Error).message))).toEqual([
      "value of first",
      null,
      "half a row",
      "value of whole",
    ]);
    expect(await read("nobody")).toBeNull();
  });

  it("are let go when the source hangs, and none waits behind it for good", async () => {
    let hang = true;
    const { asked, read } = source(() => (hang ? new Promise(() => undefined) : Promise.resolve()));
    const lost = ids(4).map(async (id) => {
      await sleep(Number(id.slice(2)) * 8);
      return read(id);
    });
    await expect(Promise.any(lost)).rejects.toThrow("All promises were rejected");
    hang = false;
    expect(await read("late")).toBe("value of late");
    expect(asked.length).toBeLessThanOrEqual(5);
  });
});
