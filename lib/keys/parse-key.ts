import { BODY_LENGTH, CHECKSUM_LENGTH, DEFAULT_KEY_PREFIX, ID_LENGTH, checksumOf } from "./key-format";

export type ParsedKey =
  { readonly ok: true; readonly id: string } | { readonly ok: false; readonly reason: "malformed" | "bad_checksum" };

const BODY = new RegExp(`^[0-9A-Za-z]{${BODY_LENGTH}}$`);
const MALFORMED: ParsedKey = Object.freeze({ ok: false, reason: "malformed" });
const BAD_CHECKSUM: ParsedKey = Object.freeze({ ok: false, reason: "bad_checksum" });

/** Judges the form of a key, so that noise never reaches the store. Costs nothing on a text of another length. */
export function parseKey(text: string, prefix: string = DEFAULT_KEY_PREFIX): ParsedKey {
  const bodyAt = prefix.length + 1;
  if (text.length !== bodyAt + BODY_LENGTH || !text.startsWith(`${prefix}_`)) return MALFORMED;
  if (!BODY.test(text.slice(bodyAt))) return MALFORMED;
  if (checksumOf(text.slice(0, -CHECKSUM_LENGTH)) !== text.slice(-CHECKSUM_LENGTH)) return BAD_CHECKSUM;
  return { ok: true, id: text.slice(bodyAt, bodyAt + ID_LENGTH) };
}
