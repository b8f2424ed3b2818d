import assert from "node:assert/strict";
import { assertSame } from "./assert-same";
import type { LedgerEntry, ResponseLedger } from "../ports/response-ledger";
import type { Case } from "./case";

/** An empty ledger whose time the cases decide. */
export interface LedgerUnderTest {
  readonly ledger: ResponseLedger;
  /** How long it remembers. */
  readonly ttlMs: number;
  advance(ms: number): void;
  close(): Promise<void>;
}

const ENTRY: LedgerEntry = Object.freeze({
  responseId: "resp_1",
  organizationId: "acme",
  userId: "alice",
  upstream: "openai",
  toolFree: true,
});

type LedgerCheck = readonly [name: string, check: (subject: LedgerUnderTest) => Promise<void>];

const CHECKS: readonly LedgerCheck[] = [
  [
    "answers null for an id that was never there",
    async ({ ledger }) => {
      await ledger.remember(ENTRY);
      const ids = ["resp_2", "resp_", "RESP_1", "constructor"];
      assertSame(await Promise.all(ids.map((id) => ledger.find("acme", id))), [null, null, null, null]);
    },
  ],
  [
    "remembers owner, upstream and whether tools were carried",
    async ({ ledger }) => {
      const tooled = { ...ENTRY, responseId: "resp_2", userId: "bob", upstream: "echo", toolFree: false };
      await ledger.remember(ENTRY);
      await ledger.remember(tooled);
      assertSame([await ledger.find("acme", "resp_1"), await ledger.find("acme", "resp_2")], [ENTRY, tooled]);
    },
  ],
  [
    "keeps organisations apart",
    async ({ ledger }) => {
      const theirs = { ...ENTRY, organizationId: "other", userId: "mallory" };
      await ledger.remember(ENTRY);
      assert.equal(await ledger.find("other", "resp_1"), null);
      await ledger.remember(theirs);
      assertSame([await ledger.find("acme", "resp_1"), await ledger.find("other", "resp_1")], [ENTRY, theirs]);
    },
  ],
  [
    "never lets an id change hands",
    async ({ ledger }) => {
      await ledger.remember(ENTRY);
      await assert.rejects(ledger.remember({ ...ENTRY, userId: "mallory" }));
      assertSame(await ledger.find("acme", "resp_1"), ENTRY);
    },
  ],
  [
    "never forgets that tools were carried",
    async ({ ledger }) => {
      await ledger.remember({ ...ENTRY, toolFree: false });
      await ledger.remember(ENTRY);
      assert.equal((await ledger.find("acme", "resp_1"))?.toolFree, false);
    },
  ],
  [
    "forgets an id when its time is over, and not before",
    async ({ ledger, ttlMs, advance }) => {
      await ledger.remember(ENTRY);
      advance(ttlMs - 1);
      assertSame(await ledger.find("acme", "resp_1"), ENTRY);
      advance(1);
      assert.equal(await ledger.find("acme", "resp_1"), null);
    },
  ],
  [
    "starts the time anew when an id is remembered again",
    async ({ ledger, ttlMs, advance }) => {
      await ledger.remember(ENTRY);
      advance(ttlMs - 1);
      await ledger.remember(ENTRY);
      advance(ttlMs - 1);
      assertSame(await ledger.find("acme", "resp_1"), ENTRY);
    },
  ],
  [
    "keeps living ids when it clears lapsed ones away",
    async ({ ledger, ttlMs, advance }) => {
      for (const index of [1, 2, 3]) await ledger.remember({ ...ENTRY, responseId: `old_${index}` });
      advance(ttlMs - 1);
      await ledger.remember(ENTRY);
      advance(1);
      await ledger.remember({ ...ENTRY, responseId: "resp_2" });
      assertSame(await ledger.find("acme", "resp_1"), ENTRY);
      assert.equal(await ledger.find("acme", "old_1"), null);
    },
  ],
];

/** What every ledger of response ids must do. */
export function ledgerCases(factory: () => LedgerUnderTest | Promise<LedgerUnderTest>): readonly Case[] {
  return CHECKS.map(([name, check]) => ({
    name,
    run: async () => {
      const subject = await factory();
      try {
        await check(subject);
      } finally {
        await subject.close();
      }
    },
  }));
}
