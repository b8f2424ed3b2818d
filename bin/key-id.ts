import { usageError } from "./command-error";

const ID = /^[0-9A-Za-z]{10}$/;
const KEY = /^[a-z0-9]{2,12}_([0-9A-Za-z]{10})[0-9A-Za-z]{39}$/;

/** The public id, also out of a whole key. Whatever else was given is not repeated: it may be most of a key. */
export function keyIdOf(text: string): string {
  if (ID.test(text)) return text;
  const [, id] = KEY.exec(text) ?? [];
  if (id !== undefined) return id;
  throw usageError("A key's id has ten letters and digits: see `llm-gate key list`. A whole key will do as well.");
}
