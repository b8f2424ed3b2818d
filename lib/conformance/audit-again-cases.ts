import assert from "node:assert/strict";
import { capEvent } from "../audit/cap-event";
import { assertSame } from "./assert-same";
import { assertChain, chainOf, event, requestIds, trailCase, type TrailFactory } from "./audit-fixtures";
import type { Case } from "./case";

const AGAIN = Object.freeze({ again: true });

/** What was appended and not answered is appended again: it is on record once. */
export function auditAgainCases(factory: TrailFactory): readonly Case[] {
  const trail = trailCase(factory);
  return [
    trail("passes over what is given again and on record already", async ({ log, open }) => {
      await log.append([event("intent", "a"), event("refusal", "b")]);
      const events = [event("intent", "a"), event("completion", "a"), event("refusal", "b"), event("refusal", "c")];
      const written = await open({ boot: "boot-2" }).append(events, AGAIN);
      assertSame(
        written.map(({ kind, requestId, seq }) => [kind, requestId, seq]),
        [
          ["completion", "a", 3],
          ["refusal", "c", 4],
        ],
      );
      assert.equal((await log.append(events, AGAIN)).length, 0);
      await assertChain(log, 4);
    }),
    trail(
      "writes what is given again and on record of another node only, or without a request id",
      async ({ log, open }) => {
        await open({ node: "gate-2" }).append([event("refusal", "a")]);
        await log.append([event("refusal", null)], AGAIN);
        await log.append([event("refusal", "a"), event("refusal", null)], AGAIN);
        assertSame(requestIds(await chainOf(log)), [null, "a", null]);
        await assertChain(log, 3);
      },
    ),
    trail("leaves what is given again as it is: it was cut to fit before", async ({ log }) => {
      const cut = capEvent(event("refusal", "a", { model: "m".repeat(5_000) }));
      await log.append([cut], AGAIN);
      assert.equal((await log.read({}))[0]?.record.model, cut.model);
    }),
  ];
}
