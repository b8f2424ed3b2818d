/** Our keys, the vendors' `sk-` keys, bearer credentials, and passwords inside URLs. */
const SECRETS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b[a-z0-9]{2,12}_[0-9A-Za-z]{49}\b/g, "[KEY]"],
  [/\bsk-[A-Za-z0-9_-]{16,512}/g, "[KEY]"],
  [/\b(bearer)\s{1,4}[A-Za-z0-9._~+/=-]{8,512}/gi, "$1 [KEY]"],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,128}:)[^\s@]{1,256}@/gi, "$1[PASSWORD]@"],
];

/** The same value with credentials cut out of every string in it; other values are left as they are. */
export function redactSecrets(value: unknown): unknown {
  if (typeof value === "string") return SECRETS.reduce((text, [pattern, by]) => text.replace(pattern, by), value);
  if (Array.isArray(value)) return value.map(redactSecrets);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactSecrets(inner)]));
}
