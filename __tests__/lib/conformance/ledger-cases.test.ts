import { memoryStore } from "../../../adapters/stores/memory";
import { ledgerCases, type LedgerUnderTest } from "../../../lib/conformance";
import type { LedgerEntry, ResponseLedger } from "../../../lib/ports/response-ledger";

const TTL_MS = 60_000;

async function sound(): Promise<LedgerUnderTest> {
  let time = 1_700_000_000_000;
  const store = memoryStore({ ledgerTtlMs: TTL_MS, now: () => time });
  await store.open();
  return { ledger: store.ledger, ttlMs: TTL_MS, advance: (ms) => (time += ms), close: () => store.close() };
}

type Fault = (subject: LedgerUnderTest) => Partial<ResponseLedger> & Partial<Pick<LedgerUnderTest, "advance">>;

const FAULTS: Readonly<Record<string, Fault>> = {
  "answers null for an id that was never there": ({ ledger }) => ({
    find: (organizationId, id) => ledger.find(organizationId, id.toLowerCase()),
  }),
  "remembers owner, upstream and whether tools were carried": ({ ledger }) => ({
    remember: (entry) => ledger.remember({ ...entry, toolFree: true }),
  }),
  "keeps organisations apart": ({ ledger }) => ({ find: (_, id) => ledger.find("acme", id) }),
  "never lets an id change hands": ({ ledger }) => ({
    remember: (entry) => ledger.remember(entry).catch(() => undefined),
  }),
  "never forgets that tools were carried": () => {
    let last: LedgerEntry | null = null;
    return { remember: async (entry) => void (last = entry), find: async () => last };
  },
  "forgets an id when its time is over, and not before": () => ({ advance: () => undefined }),
  "starts the time anew when an id is remembered again": ({ ledger }) => {
    const seen = new Set<string>();
    return {
      remember: async (entry) => {
        if (!seen.has(entry.responseId)) await ledger.remember(entry);
        seen.add(entry.responseId);
      },
    };
  },
  "keeps living ids when it clears lapsed ones away": ({ ledger, advance }) => {
    const known = new Set<string>();
    let elapsed = 0;
    return {
      advance: (ms) => {
        elapsed += ms;
        advance(ms);
      },
      remember: async (entry) => {
        if (elapsed >= TTL_MS) known.clear();
        known.add(entry.responseId);
        await ledger.remember(entry);
      },
      find: async (organizationId, id) => (known.has(id) ? ledger.find(organizationId, id) : null),
    };
  },
};

describe("every case of the ledger's conformance suite", () => {
  it.each(ledgerCases(sound).map(({ name }) => name))("fails a ledger that breaks it: %s", async (name) => {
    const fault = FAULTS[name];
    if (fault === undefined) throw new Error("No ledger is broken for this case.");
    const broken = async (): Promise<LedgerUnderTest> => {
      const subject = await sound();
      const { advance = subject.advance, ...ledger } = fault(subject);
      return { ...subject, advance, ledger: { ...subject.ledger, ...ledger } };
    };
    await expect(
      ledgerCases(broken)
        .find((candidate) => candidate.name === name)
        ?.run(),
    ).rejects.toThrow();
  });
});
