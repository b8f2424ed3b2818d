export const KUBERNETES_REACH = 512;
const KIND = /(?:^|\n)[ \t]{0,8}kind:[ \t]{0,4}["']?secret["']?[ \t]{0,4}\r?\n/i;
const DATA = /\n[ \t]{0,8}data:[ \t]{0,4}\r?\n/;
/** `name: VALUE`, the value perhaps on the next line. */
const ENTRY = /[\n][ \t]{1,16}[\w.-]{1,64}:[ \t]{0,4}(?:[|>][+-]?[ \t]{0,4}\r?\n[ \t]{1,16})?["']?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4}){2,400}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;

/** False where no value can be of one. */
export function mayMentionKinds(text: string): boolean {
  return /kind:/i.test(text);
}

export function mentionsKubernetesSecret(text: string): boolean {
  return text.includes("kind:") && KIND.test(text);
}

/** Whether a value stands in the data of a Kubernetes Secret, where every value is secret and written in base64. */
export function isKubernetesSecret(text: string, start: number, value: string): boolean {
  if (!BASE64.test(value)) return false;
  const before = text.slice(Math.max(0, start - KUBERNETES_REACH), start);
  const kind = KIND.exec(before);
  return kind !== null && ENTRY.test(before) && DATA.test(before.slice(kind.index));
}
