import { LRUCache } from "lru-cache";
import type { DlpPolicy } from "../../../lib/dlp/policy";
import { dlpSchema } from "../../policy/dlp-schema";
import { frozenCopy } from "../frozen-copy";
import { jsonColumn, malformedColumn, textColumn } from "./columns";

export type DlpColumn = (value: unknown, column: string) => DlpPolicy | null;

const REMEMBERED_POLICIES = 500;

/** Reads policies; the same text gives the same frozen object, which the DLP engine goes by. */
export function createDlpColumn(): DlpColumn {
  const known = new LRUCache<string, DlpPolicy>({ max: REMEMBERED_POLICIES });
  return (value, column) => {
    if (value === null) return null;
    const text = textColumn(value, column);
    const policy = known.get(text) ?? parsePolicy(text, column);
    known.set(text, policy);
    return policy;
  };
}

function parsePolicy(text: string, column: string): DlpPolicy {
  const parsed = dlpSchema.safeParse(jsonColumn(text, column));
  if (!parsed.success) throw malformedColumn(column);
  return frozenCopy(parsed.data);
}

export function writeDlp(policy: DlpPolicy | null): string | null {
  return policy === null ? null : JSON.stringify(policy);
}
