import assert from "node:assert/strict";
import type { Bus } from "../ports/bus";
import type { Case } from "./case";

/** Two handles on the same channel, as two processes would have them. */
export interface BusPair {
  readonly first: Bus;
  readonly second: Bus;
}

/** Subscribes; resolves once the subscription stands. */
type Listen = (bus: Bus) => Promise<Ear>;
type Check = readonly [name: string, check: (pair: BusPair, listen: Listen) => Promise<void>];

const CHECKS: readonly Check[] = [
  [
    "carries an epoch to every subscriber of every handle, the publisher's own too",
    async ({ first, second }, listen) => {
      const heard = [await listen(first), await listen(second), await listen(second)];
      await first.publish(7);
      for (const ear of heard) await ear.hears(7);
      for (const ear of heard) await ear.end();
    },
  ],
  [
    "carries epochs in the order of their publishing",
    async ({ first, second }, listen) => {
      const ear = await listen(second);
      for (let epoch = 1; epoch <= 20; epoch += 1) await first.publish(epoch);
      await ear.hears(20);
      assert.deepEqual(
        ear.epochs,
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      await ear.end();
    },
  ],
  [
    "says nothing any more to who has ended the subscription",
    async ({ first, second }, listen) => {
      const [gone, ear] = [await listen(second), await listen(second)];
      await gone.end();
      await first.publish(3);
      await ear.hears(3);
      assert.deepEqual(gone.epochs, []);
      await ear.end();
    },
  ],
  [
    "publishes although nobody listens, and closes twice without harm",
    async ({ first }) => {
      await first.publish(1);
      await first.close();
    },
  ],
];

interface Ear {
  /** What was heard, in order. */
  readonly epochs: readonly number[];
  hears(epoch: number): Promise<void>;
  end(): Promise<void>;
}

/** A subscription's first word says that messages may have been missed before it stood. */
async function listening(bus: Bus, limitMs: number): Promise<Ear> {
  const epochs: number[] = [];
  let tell: () => void = () => undefined;
  let stands = false;
  const end = await bus.subscribe((epoch) => {
    if (epoch === null) stands = true;
    else epochs.push(epoch);
    tell();
  });
  const until = (isSo: () => boolean, what: string) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${bus.name}: ${what} within ${limitMs} ms`)), limitMs);
      tell = () => {
        if (!isSo()) return;
        clearTimeout(timer);
        resolve();
      };
      tell();
    });
  await until(() => stands, "no subscription");
  return { epochs, hears: (epoch) => until(() => epochs.includes(epoch), `no epoch ${epoch}`), end };
}

/** What every bus must do. `factory` gives two handles on a channel that nobody else uses; `limitMs` is how long a hint may take. */
export function busCases(factory: () => BusPair | Promise<BusPair>, limitMs = 5_000): readonly Case[] {
  return CHECKS.map(([name, check]) => ({
    name,
    run: async () => {
      const pair = await factory();
      try {
        await check(pair, (bus) => listening(bus, limitMs));
      } finally {
        await pair.first.close();
        await pair.second.close();
      }
    },
  }));
}
