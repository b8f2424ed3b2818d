import assert from "node:assert/strict";
import { assertSame } from "./assert-same";
import { assertChain, event, requestIds, trailCase, type TrailFactory } from "./audit-fixtures";
import type { AuditQuery, StoredRecord } from "../ports/audit-log";
import type { Case } from "./case";

/** What reading a trail must give. */
export function auditReadCases(factory: TrailFactory): readonly Case[] {
  const trail = trailCase(factory);
  const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `call-${index}`);
  return [
    trail("reads the newest records, oldest of them first", async ({ log }) => {
      await log.append(ids(120).map((id) => event("refusal", id)));
      assertSame(requestIds(await log.read({})), ids(120).slice(20));
      assertSame(requestIds(await log.read({ limit: 2 })), ["call-118", "call-119"]);
    }),
    trail("reads on from a position, lowest first", async ({ log }) => {
      await log.append(ids(5).map((id) => event("refusal", id)));
      assertSame(requestIds(await log.read({ node: "gate-1", afterSeq: 1, limit: 2 })), ["call-1", "call-2"]);
      assertSame(await log.read({ node: "gate-1", afterSeq: 5 }), []);
    }),
    trail("reads the nodes' records together, in the order they were written", async ({ log, open }) => {
      const other = open({ node: "cli" });
      for (const [index, id] of ids(4).entries()) await (index % 2 ? other : log).append([event("refusal", id)]);
      assertSame(requestIds(await log.read({})), ids(4));
    }),
    trail("finds records by node, kind, user and request id, all that are named", async ({ log, open }) => {
      await log.append([
        event("intent", "a", { user: "alice@acme.test" }),
        event("refusal", "b", { user: "bob@acme.test" }),
      ]);
      await open({ node: "cli" }).append([event("admin", "a", { user: "alice@acme.test" })]);
      const kinds = async (query: Parameters<typeof log.read>[0]) =>
        (await log.read(query)).map(({ record }) => record.kind);
      assertSame(await kinds({ node: "cli" }), ["admin"]);
      assertSame(await kinds({ kind: "refusal" }), ["refusal"]);
      assertSame(await kinds({ user: "alice@acme.test" }), ["intent", "admin"]);
      assertSame(await kinds({ requestId: "a", node: "gate-1" }), ["intent"]);
      assertSame(await kinds({ user: "alice@acme.test", kind: "refusal" }), []);
    }),
    trail(
      "finds records by key, model, decision and reason, and by a time that ends before its end",
      async ({ log }) => {
        const at = (second: number): string => `2026-01-02T00:00:0${second}.000Z`;
        const facts = { keyId: "Ab3dE6gH9j", model: "m", decision: "deny", reason: "model_denied" } as const;
        await log.append(
          ids(5).map((id, index) => ({ ...event("refusal", id, index % 2 ? facts : {}), at: at(index) })),
        );
        for (const [name, value] of Object.entries(facts)) {
          assertSame(requestIds(await log.read({ [name]: value })), ["call-1", "call-3"]);
        }
        assertSame(requestIds(await log.read({ ...facts, decision: "allow" })), []);
        assertSame(requestIds(await log.read({ since: at(1), until: at(3) })), ["call-1", "call-2"]);
      },
    ),
    trail("pages through all chains in the order they were written, forward and back", async ({ log, open }) => {
      const other = open({ node: "cli" });
      for (const [index, id] of ids(7).entries()) await (index % 2 ? other : log).append([event("refusal", id)]);
      const pages = async (first: AuditQuery, next: (page: readonly StoredRecord[]) => AuditQuery) => {
        const seen: string[] = [];
        for (let page = await log.read(first); page.length > 0; page = await log.read(next(page)))
          seen.push(requestIds(page).join(" "));
        return seen;
      };
      const back = (page: readonly StoredRecord[]) => ({ limit: 3, before: page[0]?.position ?? "" });
      assertSame(await pages({ limit: 3 }, back), ["call-4 call-5 call-6", "call-1 call-2 call-3", "call-0"]);
      const start = (await log.read({ requestId: "call-0" }))[0]?.position ?? "";
      const on = (page: readonly StoredRecord[]) => ({ limit: 4, after: page.at(-1)?.position ?? "" });
      const forward = ["call-1 call-2 call-3 call-4", "call-5 call-6"];
      assertSame(await pages({ limit: 4, after: start }, on), forward);
    }),
    trail("gives the head of every chain", async ({ log, open }) => {
      await log.append([event("refusal", "a"), event("refusal", "b")]);
      await open({ node: "cli", boot: "run-1" }).append([event("admin", "c")]);
      const heads = (await log.heads()).map(({ node, boot, seq }) => `${node} ${boot} ${seq}`);
      assert.deepEqual([...heads].sort(), ["cli run-1 1", "gate-1 boot-1 2"]);
      await assertChain(log, 2);
    }),
    trail("finds the intents of its node's earlier boots that nothing ended", async ({ log, open }) => {
      await log.append(["open", "done", "cut"].map((id) => event("intent", id)));
      await log.append([event("completion", "done"), event("interrupted", "cut"), event("refusal", "open")]);
      await open({ node: "gate-2" }).append([event("intent", "theirs"), event("completion", "open")]);
      const next = open({ boot: "boot-2" });
      await next.append([event("intent", "running")]);
      assertSame(
        (await next.openIntents()).map(({ requestId }) => requestId),
        ["open"],
      );
      assertSame(
        (await log.openIntents()).map(({ requestId }) => requestId),
        ["running"],
      );
    }),
  ];
}
