import type { KeyObject } from "node:crypto";
import { dataKey } from "../audit/content/data-key";
import type { KeptTexts } from "../audit/content/kept-texts";
import type { MasterKeys } from "../audit/content/master-keys";
import { openContent } from "../audit/content/sealed-content";
import type { AuditRecord } from "../audit/record";
import type { ContentKeys } from "../ports/content-keys";

/** What can be read of a record's text. */
export type ReadText =
  | ({ readonly status: "readable" } & KeptTexts)
  /** The key of the user's text was erased: nobody can read it any more. */
  | { readonly status: "erased" }
  /** The master key that its key is under was not given, or the store does not have its key. */
  | { readonly status: "locked" }
  /** Not what was sealed for this record. */
  | { readonly status: "damaged" };

/** Null for a record without text. Rejects when the keys cannot be reached. */
export type TextReader = (record: AuditRecord) => Promise<ReadText | null>;

export function textReader(keys: ContentKeys, masters: MasterKeys): TextReader {
  const known = new Map<string, KeyObject | "erased" | "locked">();

  async function keyOf(id: string): Promise<KeyObject | "erased" | "locked"> {
    const found = known.get(id) ?? (await findKey(keys, masters, id));
    known.set(id, found);
    return found;
  }

  return async ({ content, organization, user, requestId }) => {
    if (content === null || organization === null || user === null || requestId === null) return null;
    const key = await keyOf(content.key);
    if (typeof key === "string") return Object.freeze({ status: key });
    const texts = openContent(key, { organization, user, requestId, direction: content.direction }, content);
    return Object.freeze(texts === null ? { status: "damaged" } : { status: "readable", ...texts });
  };
}

async function findKey(keys: ContentKeys, masters: MasterKeys, id: string): Promise<KeyObject | "erased" | "locked"> {
  const found = await keys.find(id);
  if (found?.wrapped === null) return "erased";
  return (found === null ? null : dataKey(found, masters)) ?? "locked";
}
