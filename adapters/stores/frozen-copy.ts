/**
 * A copy that nothing can change, however deep: of plain data. Byte arrays are copied and cannot be frozen, so hand out
 * copies of them. (structuredClone would do, but under Jest its results are of another realm and equal to nothing.)
 */
export function frozenCopy<T>(value: T): T;
export function frozenCopy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return Object.freeze(value.map((item: unknown) => frozenCopy(item)));
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([name, part]) => [name, frozenCopy<unknown>(part)])),
  );
}
