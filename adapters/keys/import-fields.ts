import type { ImportLine } from "../../lib/admin/judge-imports";
import { digestPlainKey } from "./digest-plain-key";
import { readDigest } from "../../lib/keys/imported-key";

/** What a line may say, as text; lists and numbers of JSON come as text too. */
export const IMPORT_FIELDS = [
  "user",
  "name",
  "sha256",
  "hmac_sha256",
  "key",
  "bits",
  "expires",
  "models",
  "networks",
] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];
export type ImportFields = Readonly<Partial<Record<ImportField, string>>>;

export interface ReadImportOptions {
  /** Of lines that do not state their own. */
  readonly bits?: number;
  /** Whether lines may hold keys themselves: they are digested at once. Default false. */
  readonly plainKeys?: boolean;
}

const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Throws a RangeError with a sentence that quotes no value: any of them may be a key in the wrong place. */
export function importLine(line: number, fields: ImportFields, options: ReadImportOptions): ImportLine {
  const { user = "", name = "", expires, models, networks } = fields;
  if (user === "") throw new RangeError("it names no user");
  const bits = bitsOf(fields, options);
  return {
    ...{ line, email: user, name: name === "" ? "imported" : name, bits, digest: digestOf(fields, bits, options) },
    expiresAt: expiryOf(expires),
    models: listOf(models),
    networks: listOf(networks),
  };
}

function bitsOf({ bits }: ImportFields, options: ReadImportOptions): number {
  if (bits === undefined) {
    if (options.bits === undefined)
      throw new RangeError("it states no strength: add bits, or give --bits for all lines");
    return options.bits;
  }
  if (!/^\d{1,4}$/.test(bits)) throw new RangeError("bits must be a whole number, such as 256");
  return Number(bits);
}

function digestOf(
  { sha256, hmac_sha256: hmac, key }: ImportFields,
  bits: number,
  options: ReadImportOptions,
): Uint8Array {
  const given = [sha256, hmac, key].filter((value) => value !== undefined);
  if (given.length !== 1) throw new RangeError("it must have one of sha256, hmac_sha256 and key");
  if (key !== undefined) {
    if (options.plainKeys === true) return digestPlainKey(key, bits);
    throw new RangeError("keys themselves are taken from standard input only, never from a file: give digests");
  }
  const digest = readDigest(given.join(""));
  if (digest === null) throw new RangeError("its digest is not 32 bytes in hex or base64");
  return digest;
}

function expiryOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const at = DATE.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new RangeError("expires must be a date such as 2030-12-31, or 2030-12-31T09:00Z");
  return at;
}

/** Names with blanks or semicolons between them. */
function listOf(text: string | undefined): readonly string[] | null {
  return text === undefined ? null : text.split(/[\s;]+/).filter((part) => part !== "");
}
