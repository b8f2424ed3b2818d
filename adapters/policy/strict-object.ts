import { z } from "zod";
import { closestName } from "../../lib/closest-name";

/** An object of exactly these members; an unknown one gets a line of its own that says what was probably meant. */
export function strictObject<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => unknownKey(key, known)).join("\n") : undefined,
  });
}

export function unknownKey(key: string, known: readonly string[]): string {
  return `unknown key ${JSON.stringify(key)}; ${suggestion(key, known)}`;
}

/** `did you mean "x"?`, or else all that there is. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = closestName(name, known);
  return near === null ? `known here: ${known.join(", ") || "none"}` : `did you mean ${JSON.stringify(near)}?`;
}
