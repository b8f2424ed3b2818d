import type { DlpReport } from "../../audit/record";
import type { EffectivePolicy } from "../engine";
import { outcomeOf } from "../report";
import type { ChannelNews } from "./channel";

/** What is known of a stream so far, for its record: counts, never text. */
export interface Tally {
  add(news: ChannelNews): void;
  read(characters: number): void;
  length(): number;
  blockedBy(): string | null;
  report(delivered: number): DlpReport;
}

export function createTally(policy: EffectivePolicy): Tally {
  const found = new Map<string, number>();
  const unread = new Set<string>();
  const counts = { redacted: 0, tokenized: 0, notRewritten: 0 };
  let length = 0;
  let blockedBy: string | null = null;
  return Object.freeze<Tally>({
    read(characters) {
      length += characters;
    },
    length: () => length,
    add(news) {
      for (const entity of news.entities) found.set(entity, (found.get(entity) ?? 0) + 1);
      for (const { kind } of news.opaque) unread.add(kind);
      counts.redacted += news.redacted;
      counts.tokenized += news.tokenized;
      counts.notRewritten += news.notRewritten;
      blockedBy ??= news.blockedBy;
    },
    blockedBy: () => blockedBy,
    report(delivered) {
      const blocked = blockedBy !== null;
      const outcome = outcomeOf({ policy, ...counts, blocked, findings: found.size, opaque: unread.size });
      const notScanned = Object.freeze([...unread]);
      const scanned = policy.active ? length : 0;
      const findings = Object.freeze(Object.fromEntries(found));
      const report = { outcome, findings, scanned, delivered, notScanned, notRewritten: counts.notRewritten };
      return Object.freeze(blocked ? { ...report, releasedBeforeBlock: delivered } : report);
    },
  });
}
