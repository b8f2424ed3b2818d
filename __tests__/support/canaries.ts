/** A text that may be found nowhere: as it is, or in any of the forms that a careless hand could give it. */
export interface Canary {
  readonly name: string;
  readonly forms: readonly (readonly [form: string, bytes: Buffer])[];
}

export function canary(name: string, text: string): Canary {
  const escaped = [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  const hex = Buffer.from(text).toString("hex");
  const forms: readonly (readonly [string, string])[] = [
    ["as it is", text],
    ["in JSON", JSON.stringify(text).slice(1, -1)],
    ["as JSON escapes", escaped],
    ["in hexadecimal digits", hex],
    ["in upper-case hexadecimal digits", hex.toUpperCase()],
    ["URL-encoded", encodeURIComponent(text)],
    ["in UTF-16", `\u0000${[...text].join("\u0000")}`],
    // A text inside a longer one stands in base64 in one of three ways.
    ...[0, 1, 2].map((offset) => [`in base64, ${offset} on`, base64At(text, offset)] as const),
  ];
  return { name, forms: forms.map(([form, written]) => [form, Buffer.from(written)]) };
}

/** What of the text's base64 does not depend on its neighbours. */
function base64At(text: string, offset: number): string {
  const bytes = Buffer.from("\0".repeat(offset) + text);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString("base64");
  return whole.slice(offset === 0 ? 0 : 4);
}

/** `card in base64, 1 on`: which canaries are there, and how. */
export function canariesIn(bytes: Buffer, canaries: readonly Canary[]): readonly string[] {
  return canaries.flatMap(({ name, forms }) =>
    forms.filter(([, form]) => bytes.includes(form)).map(([form]) => `${name} ${form}`),
  );
}
