/** Words that by themselves say that what follows is secret. */
const STRONG: ReadonlySet<string> = new Set(
  "token secret password passwd passwort passphrase pwd pass apikey credential credentials authorization bearer privatekey secretkey accesskey authkey authtoken accesstoken apitoken clientsecret webhook".split(
    " ",
  ),
);
/** Words that say so together with another of them: `api key`, `access key`, `auth key`. */
const KEY = "key";
const OF_KEY: ReadonlySet<string> = new Set(
  "api access auth secret private client app application account master encryption encrypt signing service server admin license integration subscription shared storage rest".split(
    " ",
  ),
);
/** Words that promise a little without it. */
const LIKE_KEY: ReadonlySet<string> = new Set(["auth", "api"]);
/** The same without a separator: `storagekey`, `csrftoken`. */
const JOINED_SECRET =
  /(?:token|secret|password|passwd|(?:api|access|auth|secret|private|client|account|master|encryption|encrypt|signing|service|license|subscription|shared|storage)key)$/;
const JOINED_HARMLESS = /^(?:csrf|xsrf|page|nextpage|continuation|sync|cancel|cancellation)/;
/** Words for values that are random and meant to be read. */
const HARMLESS: ReadonlySet<string> = new Set(
  "integrity sha sha1 sha256 sha512 md5 hash checksum digest commit revision rev etag nonce fingerprint thumbprint public pubkey cursor page continuation csrf xsrf head shasum uuid guid cache partition idempotency trace span request correlation version resolved testid color image img font gpg pgp lib require module".split(
    " ",
  ),
);

/** One of these is in every name that promises something: what is joined with others ends with one of them. */
export const SECRET_WORDS: readonly string[] = [...STRONG, KEY, ...LIKE_KEY, "client"];

/** No word in these lists is shorter. */
const SHORTEST = 3;

/** How much an identifier's words promise a secret. */
export type Promise = "secret" | "key" | "none" | "harmless";

export function promiseOf(words: readonly string[]): Promise {
  if (words.some((word) => word.length >= SHORTEST && HARMLESS.has(word))) return "harmless";
  if (words.some(isStrong)) return "secret";
  const at = words.lastIndexOf(KEY);
  if (at === -1) return words.some((word) => LIKE_KEY.has(word)) || isClientId(words) ? "key" : "none";
  if (words[at + 1] === "id") return "none";
  return words.slice(0, at).some((word) => OF_KEY.has(word)) ? "secret" : "key";
}

function isStrong(word: string): boolean {
  if (word.length < SHORTEST) return false;
  return STRONG.has(word) || (word.length > SHORTEST && JOINED_SECRET.test(word) && !JOINED_HARMLESS.test(word));
}

/** `client_id`: half of a pair whose other half is secret. */
function isClientId(words: readonly string[]): boolean {
  return words.some((word, at) => word === "client" && words[at + 1] === "id");
}

/** `key`, what stands before it and what may close it are shorter. */
const LONGEST_ENDING = 9;

/** Whether a name is the bare word `key` or `api`, which also names what sorts, caches and translates. */
export function isKeyAlone(name: string): boolean {
  return /(?:^|[^A-Za-z0-9_.-])(?:key|api)["'\s]{0,4}$/i.test(name.slice(-LONGEST_ENDING));
}
