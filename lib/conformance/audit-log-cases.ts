import assert from "node:assert/strict";
import type { AuditEvent } from "../audit/record";
import { assertSame } from "./assert-same";
import { assertChain, chainOf, event, requestIds, trailCase, type TrailFactory } from "./audit-fixtures";
import { auditAgainCases } from "./audit-again-cases";
import { auditCheckpointCases } from "./audit-checkpoint-cases";
import { auditReadCases } from "./audit-read-cases";
import type { Case } from "./case";

/** What every audit log must do. `factory` gives an empty trail each time. */
export function auditLogCases(factory: TrailFactory): readonly Case[] {
  return [
    ...chainCases(factory),
    ...endingCases(factory),
    ...auditAgainCases(factory),
    ...contentCases(factory),
    ...auditReadCases(factory),
    ...auditCheckpointCases(factory),
  ];
}

function chainCases(factory: TrailFactory): readonly Case[] {
  const trail = trailCase(factory);
  return [
    trail("gives positions 1, 2, 3, … in the order of the appends", async ({ log }) => {
      await Promise.all(
        ["a", "b", "c"].map((id) => log.append([event("refusal", `${id}1`), event("refusal", `${id}2`)])),
      );
      assert.deepEqual(requestIds(await chainOf(log)), ["a1", "a2", "b1", "b2", "c1", "c2"]);
      await assertChain(log, 6);
    }),
    trail("resolves with the records that it wrote", async ({ log }) => {
      const written = await log.append([event("intent", "a"), event("refusal", "b")]);
      assertSame(
        written,
        (await chainOf(log)).map(({ record }) => record),
      );
    }),
    trail("takes an append of nothing", async ({ log }) => {
      assert.equal((await log.append([])).length, 0);
      assert.equal((await log.heads()).length, 0);
    }),
    trail("goes on with a chain over the boots of its node", async ({ log, open }) => {
      await log.append([event("refusal", "a")]);
      await open({ boot: "boot-2" }).append([event("refusal", "b")]);
      await assertChain(log, 2);
      assertSame(
        (await chainOf(log)).map(({ record }) => record.boot),
        ["boot-1", "boot-2"],
      );
    }),
    trail("keeps a chain for each node", async ({ log, open }) => {
      const other = open({ node: "cli" });
      await log.append([event("refusal", "a")]);
      await other.append([event("admin", "b"), event("admin", "c")]);
      await assertChain(log, 1);
      await assertChain(log, 2, "cli");
    }),
    trail("makes one chain of what two writers of a node append at once", async ({ log, open }) => {
      const other = open({ boot: "boot-2" });
      const turns = Array.from({ length: 20 }, (_, turn) => turn);
      await Promise.all(turns.map((turn) => (turn % 2 ? log : other).append([event("refusal", `call-${turn}`)])));
      await assertChain(log, 20);
    }),
    trail("writes what was appended before it closes, and nothing after", async ({ log, open }) => {
      const appended = log.append([event("refusal", "a")]);
      await log.close();
      await appended;
      await assert.rejects(log.append([event("refusal", "b")]));
      await assertChain(open({}), 1);
    }),
  ];
}

function endingCases(factory: TrailFactory): readonly Case[] {
  const trail = trailCase(factory);
  return [
    trail("passes over a second ending of one call", async ({ log }) => {
      await log.append([event("intent", "a"), event("completion", "a", { status: 200 })]);
      assert.equal((await log.append([event("completion", "a", { status: 503 })])).length, 0);
      const written = await log.append([event("interrupted", "a"), event("completion", "b"), event("completion", "b")]);
      assertSame(requestIds(await chainOf(log)), ["a", "a", "b"]);
      assertSame(
        written.map(({ seq }) => seq),
        [3],
      );
      await assertChain(log, 3);
    }),
    trail("takes any number of other records for one request id, and of endings without one", async ({ log }) => {
      await log.append([
        event("refusal", "a"),
        event("refusal", "a"),
        event("completion", null),
        event("completion", null),
      ]);
      await assertChain(log, 4);
    }),
    trail("lets each node end a call", async ({ log, open }) => {
      await log.append([event("completion", "a")]);
      assert.equal((await open({ node: "gate-2" }).append([event("completion", "a")])).length, 1);
    }),
  ];
}

/** U+0000, half a surrogate pair, quotes and line breaks that would forge a field or a line. */
const ODD = 'a\0b\ud800c\r\n","outcome":"ok\u2028\x1b[2K';

function contentCases(factory: TrailFactory): readonly Case[] {
  const trail = trailCase(factory);
  return [
    trail("keeps odd text as it was", async ({ log }) => {
      await log.append([event("refusal", ODD, { model: ODD, user: ODD, userAgent: ODD })]);
      const [row] = await log.read({ requestId: ODD, user: ODD });
      assertSame([row?.record.model, row?.record.user, row?.record.outcome], [ODD, ODD, null]);
      await assertChain(log, 1);
    }),
    trail("cuts what is too large, and takes what has no JSON form", async ({ log }) => {
      const loop: unknown[] = [10n, Number.NaN, () => 1, new Uint8Array(9)];
      loop.push(loop);
      const change = { subject: "user", before: loop, after: "x".repeat(10_000_000) };
      await log.append([event("admin", "a", { path: "/".repeat(1_000_000), durationMs: Number.NaN, change })]);
      const [row] = await log.read({});
      assert.ok(row !== undefined && row.bytes.length < 100_000);
      assert.equal(row.record.durationMs, null);
      await assertChain(log, 1);
    }),
    trail("writes an event's own members and no others", async ({ log }) => {
      const headers = { authorization: "Bearer canary", "x-api-key": "canary" };
      const careless = { ...event("refusal", "a"), headers, rawHeaders: ["authorization", "canary"] } as AuditEvent;
      await log.append([careless]);
      assert.ok(!Buffer.from((await log.read({}))[0]?.bytes ?? "canary").includes("canary"));
    }),
  ];
}

export type { TrailFactory, TrailUnderTest } from "./audit-fixtures";
