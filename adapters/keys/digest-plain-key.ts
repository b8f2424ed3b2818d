import { importDigests } from "../../lib/keys/imported-key";
import { parseKey } from "../../lib/keys/parse-key";

/** RFC 6750's b64token: nothing else can be presented in a header. */
const TOKEN = /^[A-Za-z0-9\-._~+/]{16,512}=*$/;
const LONGEST = 512;
const ALPHABETS: readonly (readonly [form: RegExp, size: number])[] = [
  [/^[0-9]*$/, 10],
  [/^([0-9a-f]*|[0-9A-F]*)$/, 16],
  [/^([0-9a-z]*|[0-9A-Z]*)$/, 36],
  [/^[0-9A-Za-z]*$/, 62],
];
const LARGEST_ALPHABET = 68;

/** What of the key is kept. Throws a RangeError, which never quotes it, for a text that cannot be such a key. */
export function digestPlainKey(key: string, bits: number): Uint8Array {
  if (!TOKEN.test(key) || key.length > LONGEST)
    throw new RangeError("its key is not 16 to 512 letters, digits and -._~+/: no header could carry it");
  if (parseKey(key).ok)
    throw new RangeError("its key has the form of the gate's own keys: create or rotate one instead");
  if (bits > mostBits(key))
    throw new RangeError(`a key of ${key.length} such characters has ${mostBits(key)} bits at most`);
  const [digest] = importDigests(key, []);
  return digest ?? new Uint8Array(0);
}

/** As many as there are if every character was drawn by chance from the smallest alphabet that has them all. */
function mostBits(key: string): number {
  const bare = key.replace(/[-._~+/=]/g, "");
  const [, size] = (bare === key && ALPHABETS.find(([form]) => form.test(key))) || [null, LARGEST_ALPHABET];
  return Math.floor(key.length * Math.log2(size));
}
